using Latent.Contracts;

namespace Latent.Data.Rows;

/// <summary>Where rows come from; read by one thread at a time.</summary>
internal abstract class RowSource : IDisposable
{
    /// <summary>Number of values of a row.</summary>
    public abstract int RowLength { get; }

    /// <summary>Number of rows, where it is known without reading them.</summary>
    public virtual long? Count => null;

    /// <summary>Names of what is passed on of each row.</summary>
    public virtual IReadOnlyList<string> KeptNames => [];

    /// <summary>Names of the values of a row, where the input has some.</summary>
    public virtual IReadOnlyList<string>? ColumnNames => null;

    /// <summary>Files that are left out, because nothing can read them, and why.</summary>
    public virtual IReadOnlyList<SkippedInput> LeftOut => [];

    /// <summary>What was found out rather than said, such as the separator of a table; null where nothing was.</summary>
    public virtual string? Note => null;

    /// <summary>How much has been read, from 0 to 1; null where it is not known.</summary>
    public abstract double? Progress { get; }

    /// <summary>Reads up to the batch's capacity of inputs; what can't be read is added to the batch's list.</summary>
    /// <returns>Whether there was anything left to read.</returns>
    public abstract bool Read(RowBatch batch, CancellationToken cancellation);

    /// <summary>After the rows that a model learns from: refuses a column in which 32-bit floats can't tell them apart.</summary>
    /// <exception cref="LatentException">There is one.</exception>
    public virtual void CheckPrecision() { }

    public virtual void Dispose() { }
}

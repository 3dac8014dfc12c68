using Latent.Contracts;

namespace Latent.Data.Rows;

/// <summary>Provides rows; read by one thread at a time.</summary>
internal abstract class RowSource : IDisposable
{
    /// <summary>Gets the number of values of a row.</summary>
    public abstract int RowLength { get; }

    /// <summary>Gets the number of rows; null if it is not known without reading them.</summary>
    public virtual long? Count => null;

    /// <summary>Gets the names of what is passed on for each row.</summary>
    public virtual IReadOnlyList<string> KeptNames => [];

    /// <summary>Gets the names of the values of a row; null if the input has none.</summary>
    public virtual IReadOnlyList<string>? ColumnNames => null;

    /// <summary>Gets the files that are left out because they can't be read, and why.</summary>
    public virtual IReadOnlyList<SkippedInput> LeftOut => [];

    /// <summary>Gets what was detected rather than stated, such as the separator of a table; null if nothing was.</summary>
    public virtual string? Note => null;

    /// <summary>Gets the fraction that has been read, from 0 to 1; null if it is not known.</summary>
    public abstract double? Progress { get; }

    /// <summary>Reads up to the batch's capacity of inputs; what can't be read is added to the batch's list.</summary>
    /// <returns>Whether there was anything left to read.</returns>
    public abstract bool Read(RowBatch batch, CancellationToken cancellation);

    /// <summary>Refuses, after the rows that a model learns from, a column in which 32-bit floats can't distinguish them.</summary>
    /// <exception cref="LatentException">There is such a column.</exception>
    public virtual void CheckPrecision() { }

    public virtual void Dispose() { }
}

namespace Latent.Scorer.Inputs;

/// <summary>Where rows come from; read by one thread at a time.</summary>
internal abstract class RowSource : IDisposable
{
    /// <summary>Names of what is passed on of each row.</summary>
    public virtual IReadOnlyList<string> KeptNames => [];

    /// <summary>Names of the values of a row, where the input has some.</summary>
    public virtual IReadOnlyList<string>? ColumnNames => null;

    /// <summary>How much has been read, from 0 to 1; null where nobody knows.</summary>
    public abstract double? Progress { get; }

    /// <summary>Reads up to the batch's capacity of inputs; what can't be read is added to the batch's list.</summary>
    /// <returns>Whether there was anything left to read.</returns>
    public abstract bool Read(RowBatch batch, CancellationToken cancellation);

    public virtual void Dispose()
    {
    }
}

namespace Latent.Data.Rows;

/// <summary>Writes results; if it is disposed without <see cref="Complete"/>, nothing is left.</summary>
internal abstract class RowSink : IDisposable
{
    public abstract void Write(RowBatch batch);

    /// <summary>Gives the output its final name.</summary>
    public abstract void Complete();

    public abstract void Dispose();
}

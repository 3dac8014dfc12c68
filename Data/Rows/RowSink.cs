namespace Latent.Data.Rows;

/// <summary>Where results go; dispose it without <see cref="Complete"/> and nothing is left.</summary>
internal abstract class RowSink : IDisposable
{
    public abstract void Write(RowBatch batch);

    /// <summary>Gives the output its name.</summary>
    public abstract void Complete();

    public abstract void Dispose();
}

using Latent.Contracts;

namespace Latent.Data.Rows;

/// <summary>Writes results; if it is disposed without <see cref="Complete"/>, nothing is left.</summary>
internal abstract class RowSink : IDisposable
{
    public abstract void Write(RowBatch batch);

    /// <summary>Gives the output its final name.</summary>
    public abstract void Complete();

    public abstract void Dispose();

    /// <summary>Refuses columns of which two would have one name, so that no reader takes the one for the other.</summary>
    /// <param name="path">The output.</param>
    /// <param name="kept">Names of the kept columns.</param>
    /// <param name="results">The columns of results.</param>
    /// <exception cref="LatentException">Two columns would have the same name.</exception>
    protected static void RefuseSameNames(string path, IReadOnlyList<string> kept, IReadOnlyList<ResultColumn> results)
    {
        if (
            kept.Concat(results.Select(column => column.Name)).CountBy(name => name).FirstOrDefault(name => name.Value > 1).Key is { } twice
        )
        {
            throw new LatentException(
                $"{(path == "-" ? "The output" : path)} would have two columns named '{twice}'; each needs its own name, so leave it out of what is kept, or rename it in the input."
            );
        }
    }
}

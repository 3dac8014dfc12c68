namespace Latent;

/// <summary>How a bundle's graphs are run.</summary>
public sealed class LatentBundleOptions
{
    /// <summary>
    /// Threads that run graphs: those of one run, or as many runs of one thread each where a transform has several batches at hand; 0 (the
    /// default) for one a core, at most four for each.
    /// </summary>
    public int Threads { get; set; }

    /// <summary>CUDA device to run on, counted from 0; null (the default) runs on the processor.</summary>
    public int? GpuDevice { get; set; }

    /// <summary>Whether to run on the processor where <see cref="GpuDevice"/> can't be used, instead of failing; false by default.</summary>
    public bool FallBackToCpu { get; set; }

    /// <summary>
    /// Whether graphs may have operators that Latent's export doesn't write; false by default. A loop in a graph may never end, and a few bytes
    /// may make a tensor that fills the memory, so that only a bundle whose maker is trusted should run so.
    /// </summary>
    public bool AllowAnyOperator { get; set; }

    /// <summary>The most that <see cref="Threads"/> may be: four for each processor.</summary>
    internal static int MostThreads => 4 * Environment.ProcessorCount;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Threads, MostThreads);
        if (GpuDevice is { } device)
            ArgumentOutOfRangeException.ThrowIfNegative(device, nameof(GpuDevice));
    }
}

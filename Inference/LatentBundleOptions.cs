namespace Latent;

/// <summary>Represents the options for running a bundle's graphs.</summary>
public sealed class LatentBundleOptions
{
    /// <summary>
    /// Gets or sets the number of threads that run graphs, from 0 to four per processor: the threads of one run or, if a transform has
    /// several batches at hand, as many runs of one thread each; 0 for one per core.
    /// </summary>
    /// <value>The default is 0: one thread per core.</value>
    public int Threads { get; set; }

    /// <summary>Gets or sets the CUDA device to run on, counted from 0; null runs on the processor.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public int? GpuDevice { get; set; }

    /// <summary>Gets or sets whether to run on the processor if <see cref="GpuDevice"/> can't be used, instead of failing.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool FallBackToCpu { get; set; }

    /// <summary>
    /// Gets or sets whether graphs may have operators that Latent's export doesn't write. A loop in a graph may never end, and a few bytes
    /// may make a tensor that fills the memory, so set it only for bundles from a trusted source.
    /// </summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool AllowAnyOperator { get; set; }

    /// <summary>Gets the largest value of <see cref="Threads"/>: four per processor.</summary>
    internal static int MaxThreads => 4 * Environment.ProcessorCount;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Threads, MaxThreads);
        if (GpuDevice is { } device)
            ArgumentOutOfRangeException.ThrowIfNegative(device, nameof(GpuDevice));
    }
}

namespace Latent;

/// <summary>How a bundle's graphs are run.</summary>
public sealed class LatentBundleOptions
{
    /// <summary>
    /// Threads that run graphs: those of one run, or as many runs of one thread each where a transform has several batches at hand; 0 (the
    /// default) for one a core.
    /// </summary>
    public int Threads { get; set; }

    /// <summary>CUDA device to run on, counted from 0; null (the default) runs on the processor.</summary>
    public int? GpuDevice { get; set; }

    /// <summary>Whether to run on the processor where <see cref="GpuDevice"/> can't be used, instead of failing; false by default.</summary>
    public bool FallBackToCpu { get; set; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Threads);
        if (GpuDevice is { } device)
            ArgumentOutOfRangeException.ThrowIfNegative(device, nameof(GpuDevice));
    }
}

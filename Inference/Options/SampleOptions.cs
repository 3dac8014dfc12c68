namespace Latent;

/// <summary>Options of <see cref="LatentCatalog.Sample(LatentBundle, SampleOptions)"/>.</summary>
public sealed class SampleOptions : LatentTransformOptions
{
    /// <summary>Column for the draw from q(z|x); "Sample" by default.</summary>
    public string OutputColumn { get; set; } = "Sample";

    /// <summary>Seed; the same seed and row id give the same draw, whatever the batch size, order or number of cursors. 0 by default.</summary>
    public long Seed { get; set; }
}

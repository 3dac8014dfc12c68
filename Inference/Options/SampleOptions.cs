namespace Latent;

/// <summary>Represents the options of <see cref="LatentCatalog.Sample(LatentBundle, SampleOptions)"/>.</summary>
public sealed class SampleOptions : LatentTransformOptions
{
    /// <summary>Gets or sets the column for the draw from q(z|x).</summary>
    /// <value>The default is "Sample".</value>
    public string OutputColumn { get; set; } = "Sample";

    /// <summary>
    /// Gets or sets the seed; the same seed and row id give the same draw, whatever the batch size, order or number of cursors.
    /// </summary>
    /// <value>The default is 0.</value>
    public long Seed { get; set; }
}

namespace Latent;

/// <summary>Represents the options of <see cref="LatentCatalog.Reconstruct(LatentBundle, ReconstructOptions)"/>.</summary>
public sealed class ReconstructOptions : LatentTransformOptions
{
    /// <summary>Gets or sets the column for the reconstruction, in the data's own units.</summary>
    /// <value>The default is "Reconstruction".</value>
    public string OutputColumn { get; set; } = "Reconstruction";
}

namespace Latent;

/// <summary>Options of <see cref="LatentCatalog.Reconstruct(LatentBundle, ReconstructOptions)"/>.</summary>
public sealed class ReconstructOptions : LatentTransformOptions
{
    /// <summary>Column for the reconstruction, in the data's own units; "Reconstruction" by default.</summary>
    public string OutputColumn { get; set; } = "Reconstruction";
}

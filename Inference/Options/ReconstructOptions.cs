namespace Latent;

/// <summary>Represents the options of <see cref="LatentCatalog.Reconstruct(LatentBundle, ReconstructOptions)"/>.</summary>
public sealed class ReconstructOptions : LatentTransformOptions
{
    /// <summary>
    /// Gets or sets the column for the reconstruction, in the data's own units. If the bundle is of a table with columns of several kinds,
    /// it begins the names of as many columns, such as "Reconstruction.fare": numbers (what is expected on average, of 0 and 1 the
    /// probability of 1), texts and dates.
    /// </summary>
    /// <value>The default is "Reconstruction".</value>
    public string OutputColumn { get; set; } = "Reconstruction";
}

namespace Latent;

/// <summary>Represents the options of <see cref="LatentCatalog.Denoise(LatentBundle, DenoiseOptions)"/>.</summary>
public sealed class DenoiseOptions : LatentTransformOptions
{
    /// <summary>
    /// Gets or sets the column for the cleaned row, in the data's own units. If the bundle is of a table with columns of several kinds, it
    /// begins the names of as many columns, such as "Denoised.fare": numbers (what is expected on average, of 0 and 1 the probability
    /// of 1), texts and dates.
    /// </summary>
    /// <value>The default is "Denoised".</value>
    public string OutputColumn { get; set; } = "Denoised";
}

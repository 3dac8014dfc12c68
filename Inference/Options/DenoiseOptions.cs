namespace Latent;

/// <summary>Represents the options of <see cref="LatentCatalog.Denoise(LatentBundle, DenoiseOptions)"/>.</summary>
public sealed class DenoiseOptions : LatentTransformOptions
{
    /// <summary>Gets or sets the column for the cleaned row, in the data's own units.</summary>
    /// <value>The default is "Denoised".</value>
    public string OutputColumn { get; set; } = "Denoised";
}

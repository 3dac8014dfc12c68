namespace Latent;

/// <summary>Options of <see cref="LatentCatalog.Denoise(LatentBundle, DenoiseOptions)"/>.</summary>
public sealed class DenoiseOptions : LatentTransformOptions
{
    /// <summary>Column for the cleaned row, in the data's own units; "Denoised" by default.</summary>
    public string OutputColumn { get; set; } = "Denoised";
}

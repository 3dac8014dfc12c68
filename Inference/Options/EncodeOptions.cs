namespace Latent;

/// <summary>Options of <see cref="LatentCatalog.Encode(LatentBundle, EncodeOptions)"/>.</summary>
public sealed class EncodeOptions : LatentTransformOptions
{
    /// <summary>Column for the code, or the mean of q(z|x); "Code" by default.</summary>
    public string OutputColumn { get; set; } = "Code";

    /// <summary>Column for the natural logarithm of the variance of q(z|x), of variational bundles only; null (the default) leaves it out.</summary>
    public string? LogVarianceColumn { get; set; }
}

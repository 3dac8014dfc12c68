namespace Latent;

/// <summary>Represents the options of <see cref="LatentCatalog.Encode(LatentBundle, EncodeOptions)"/>.</summary>
public sealed class EncodeOptions : LatentTransformOptions
{
    /// <summary>Gets or sets the column for the code, or the mean of q(z|x).</summary>
    /// <value>The default is "Code".</value>
    public string OutputColumn { get; set; } = "Code";

    /// <summary>
    /// Gets or sets the column for the natural logarithm of the variance of q(z|x), for variational bundles only; null leaves it out.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? LogVarianceColumn { get; set; }
}

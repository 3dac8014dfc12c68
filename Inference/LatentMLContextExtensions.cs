using Latent;

namespace Microsoft.ML;

/// <summary>Adds Latent's catalog to <see cref="MLContext"/>.</summary>
public static class LatentMLContextExtensions
{
    /// <summary>Gets the catalog of transforms of trained autoencoders.</summary>
    /// <param name="mlContext">The context.</param>
    public static LatentCatalog Latent(this MLContext mlContext) => new(mlContext);
}

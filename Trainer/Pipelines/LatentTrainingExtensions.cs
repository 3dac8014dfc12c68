namespace Latent;

/// <summary>Adds training to the catalog; it comes with the trainer, so that who only scores needs no TorchSharp.</summary>
public static class LatentTrainingExtensions
{
    /// <summary>An estimator that trains an autoencoder on the data that it is fitted to, and encodes with it.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Latent()</c>.</param>
    /// <param name="options">Recipe, columns, and where the bundle is left.</param>
    /// <exception cref="ArgumentException">A column has no name.</exception>
    public static LatentTrainer Train(this LatentCatalog catalog, TrainOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.InputColumn);
        ArgumentException.ThrowIfNullOrWhiteSpace(options.OutputColumn);
        return new LatentTrainer(catalog, options);
    }
}

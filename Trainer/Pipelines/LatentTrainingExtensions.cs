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

    /// <summary>Makes an estimator that trains a detector of unusual rows on columns of any kind, and scores with it.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Latent()</c>.</param>
    /// <param name="options">Columns, labels, recipe, and where the bundle is left.</param>
    /// <exception cref="ArgumentException">No column is named, or a name is empty.</exception>
    public static TableTrainer TrainTable(this LatentCatalog catalog, TrainTableOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.Score);
        if (options.Columns is { Count: 0 })
            throw new ArgumentException("Columns names no column; it must name some, or be null for all.", nameof(options));
        return new TableTrainer(catalog, options);
    }
}

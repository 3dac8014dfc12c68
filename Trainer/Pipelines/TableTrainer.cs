using Latent.Contracts;
using Latent.Trainer.Data;
using Latent.Trainer.Runs;
using Microsoft.ML;

namespace Latent;

/// <summary>
/// Trains a detector of unusual rows on the columns of the data as they are; its transformer adds scores, decisions and reasons, and owns
/// the bundle that was trained.
/// </summary>
public sealed class TableTrainer : IEstimator<LatentTransformer>
{
    private readonly LatentCatalog _catalog;
    private readonly TrainTableOptions _options;

    internal TableTrainer(LatentCatalog catalog, TrainTableOptions options)
    {
        _catalog = catalog;
        _options = options;
    }

    /// <summary>
    /// Copies the columns to a temporary file, trains, exports the bundle and returns the transformer, which the caller disposes.
    /// </summary>
    /// <param name="input">The rows to learn from; the recipe says which part validates and tests.</param>
    /// <exception cref="LatentException">
    /// A column is missing or of a type that can't be learned, or training failed; the message says what.
    /// </exception>
    public LatentTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var folder = Directory.CreateTempSubdirectory("latent-table-").FullName;
        try
        {
            var path = Path.Combine(folder, "table.csv");
            ViewTable.Write(input, _options.Columns, _options.LabelColumn, path);
            var recipe = _options.Recipe ?? RecipeLibrary.Read("table");
            if (recipe.Data.Table is null)
                throw new LatentException($"The recipe {recipe.Name} has no data.table; TrainTable needs one, such as the recipe table.");
            recipe = recipe with
            {
                Data = recipe.Data with { Path = path, Label = _options.LabelColumn, Header = true, Separator = ",", DecimalComma = false },
            };
            var bundle = PipelineTraining.Run(recipe, null, _options.Engine, _options.Run);
            return _catalog.ScoreOwned(LatentBundle.Load(bundle), input, _options.Score);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Gets the shape of the schema with the score's columns.</summary>
    /// <param name="inputSchema">The schema of the data.</param>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return _catalog.WithScores(inputSchema, _options.Score);
    }
}

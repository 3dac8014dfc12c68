using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Data;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent;

/// <summary>Trains an autoencoder on a column of vectors; its transformer adds their codes and owns the bundle that was trained.</summary>
public sealed class LatentTrainer : IEstimator<LatentTransformer>
{
    private readonly LatentCatalog _catalog;
    private readonly TrainOptions _options;

    internal LatentTrainer(LatentCatalog catalog, TrainOptions options)
    {
        _catalog = catalog;
        _options = options;
    }

    /// <summary>
    /// Reads all rows into memory, trains, exports the bundle and gives the transformer, which is the caller's to dispose.
    /// </summary>
    /// <param name="input">The rows to learn from; the recipe says which part validates and tests.</param>
    /// <exception cref="LatentException">The column is missing or holds no rows of one length, or training failed; the message says
    /// what.</exception>
    public LatentTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var recipe = _options.Recipe;
        if (recipe.Data.TrainOnLabel is not null)
        {
            throw new LatentException(
                "Train reads rows without labels, so that data.trainOnLabel has nothing to choose by; filter the rows before, and leave data.trainOnLabel out of the recipe."
            );
        }

        if (recipe.Kind == ModelKind.Denoiser)
        {
            throw new LatentException(
                $"Train gives a transformer that encodes, but {recipe.Name} is a denoiser, which has no code; TrainingRun.Execute or the command line trains it."
            );
        }

        if (recipe.Condition is not null)
        {
            throw new LatentException(
                $"Train reads rows without labels, but {recipe.Name} is conditioned on them; TrainingRun.Execute or the command line trains it."
            );
        }

        var (description, values) = Rows(input);
        var bundle = PipelineTraining.Run(recipe, new DataSet(description, values), _options.Engine, _options.Run);
        return _catalog.EncodeOwned(LatentBundle.Load(bundle), input, _options.OutputColumn, _options.InputColumn);
    }

    /// <summary>The shape of the schema with the code.</summary>
    /// <param name="inputSchema">The data's.</param>
    /// <exception cref="LatentException">The column to read is missing or no vector of Single values.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        if (
            !inputSchema.Any(c =>
                c.Name == _options.InputColumn && c.ItemType == NumberDataViewType.Single && c.Kind != SchemaShape.Column.VectorKind.Scalar
            )
        )
        {
            throw new LatentException(
                $"Train reads column '{_options.InputColumn}', which the data must have as a vector of Single values."
            );
        }

        return _catalog.WithVector(inputSchema, _options.OutputColumn, _options.Recipe.CodeLength());
    }

    private (InputDescription Input, float[] Values) Rows(IDataView input)
    {
        var name = _options.InputColumn;
        if (
            input.Schema.GetColumnOrNull(name) is not { Type: VectorDataViewType { ItemType: NumberDataViewType item } } column
            || item != NumberDataViewType.Single
        )
        {
            throw new LatentException($"Train reads column '{name}', which the data must have as a vector of Single values.");
        }

        var values = new List<float>();
        var (row, length, value) = (0L, 0, default(VBuffer<float>));
        using (var cursor = input.GetRowCursor([column]))
        {
            var getter = cursor.GetGetter<VBuffer<float>>(column);
            for (; cursor.MoveNext(); row++)
            {
                getter(ref value);
                length = row == 0 ? value.Length : length;
                if (value.Length != length)
                {
                    throw new LatentException(
                        $"Train reads column '{name}', whose value in row {row} has {value.Length} values; those before it have {length}."
                    );
                }

                values.AddRange(value.DenseValues());
                if (value.GetValues().ContainsAnyExceptInRange(float.MinValue, float.MaxValue))
                    throw new LatentException($"Train reads column '{name}', which holds a value in row {row} that is not finite.");
            }
        }

        return length > 0
            ? (Describe(length), [.. values])
            : throw new LatentException($"Train reads column '{name}', which holds no values.");
    }

    private InputDescription Describe(int length)
    {
        if (_options.Recipe.Data.Image is not { } image)
        {
            return _options.Recipe.Data.Mirror
                ? throw new LatentException(
                    $"Train reads column '{_options.InputColumn}' as a table, which data.mirror can't turn; give the recipe data.image, or leave data.mirror out."
                )
                : new InputDescription { Shape = [length], Unit = InputUnit.Table };
        }

        return image.Channels * image.Height * image.Width == length
            ? new InputDescription
            {
                Shape = LayerShapes.RowShape(_options.Recipe, image),
                Unit = InputUnit.Pixel,
                Image = image,
            }
            : throw new LatentException(
                $"Train reads column '{_options.InputColumn}' with rows of {length} values, but the recipe's data.image asks for {image.Channels} x {image.Height} x {image.Width}."
            );
    }
}

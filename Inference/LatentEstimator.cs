using Latent.Contracts;
using Latent.Inference.Pipeline;
using Latent.Inference.Saving;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Latent;

/// <summary>Makes a <see cref="LatentTransformer"/>; there is nothing to train, and no data is read.</summary>
public sealed class LatentEstimator : IEstimator<LatentTransformer>
{
    private readonly MLContext _ml;

    internal LatentEstimator(MLContext ml, Mapping mapping)
    {
        _ml = ml;
        Mapping = mapping;
    }

    internal Mapping Mapping { get; }

    /// <summary>Checks the data's schema and makes the transformer.</summary>
    /// <param name="input">The data; its rows are not read.</param>
    /// <exception cref="LatentException">The column to read is missing or of another type.</exception>
    public LatentTransformer Fit(IDataView input)
    {
        return new LatentTransformer(_ml, Mapping with { PlainRefusal = PlainChain.Refusal(Mapping, input.Schema) });
    }

    /// <summary>Gets the shape of the schema with the new columns.</summary>
    /// <param name="inputSchema">The shape of the data's schema.</param>
    /// <exception cref="LatentException">The column to read is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        if (inputSchema.All(c => c.Name != Mapping.Input))
            throw new LatentException($"{Mapping.Operation} reads column '{Mapping.Input}', which the data does not have.");
        var input = inputSchema.First(c => c.Name == Mapping.Input);
        var isVector = input.ItemType == NumberDataViewType.Single && input.Kind != SchemaShape.Column.VectorKind.Scalar;
        if (!isVector && !(input.ItemType is ImageDataViewType && Mapping.Image is not null))
        {
            throw new LatentException(
                $"{Mapping.Operation} reads column '{Mapping.Input}', which is {input.Kind} of {input.ItemType}; it must be {Mapping.Expected}."
            );
        }

        return WithColumns(_ml, inputSchema, Mapping.Outputs);
    }

    internal static SchemaShape WithColumns(MLContext ml, SchemaShape schema, IReadOnlyList<OutputColumn> outputs)
    {
        var columns = schema.ToDictionary(c => c.Name);
        foreach (var output in outputs)
            columns[output.Name] = Shape(ml, output);
        return new SchemaShape(columns.Values);
    }

    // SchemaShape.Column has no public constructor; a public estimator makes one.
    private static SchemaShape.Column Shape(MLContext ml, OutputColumn output)
    {
        var definition = SchemaDefinition.Create(output.IsScalar ? typeof(ScalarColumn) : typeof(VectorColumn));
        var column = definition[nameof(ScalarColumn.Value)];
        column.ColumnName = output.Name;
        column.ColumnType = output.Type;
        IEstimator<ITransformer> estimator = output.IsScalar
            ? ml.Transforms.CustomMapping<NoColumns, ScalarColumn>((_, _) => { }, null, null, definition)
            : ml.Transforms.CustomMapping<NoColumns, VectorColumn>((_, _) => { }, null, null, definition);
        return estimator.GetOutputSchema(new SchemaShape([])).Single(c => c.Name == output.Name);
    }

    private sealed class NoColumns;

    private sealed class ScalarColumn
    {
        public float Value { get; set; }
    }

    private sealed class VectorColumn
    {
        public float[] Value { get; set; } = [];
    }
}

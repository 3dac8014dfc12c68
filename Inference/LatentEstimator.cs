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
    /// <exception cref="LatentException">A column to read is missing or of another type.</exception>
    public LatentTransformer Fit(IDataView input)
    {
        return new LatentTransformer(_ml, Mapping with { PlainRefusal = PlainChain.Refusal(Mapping, input.Schema) });
    }

    /// <summary>Gets the shape of the schema with the new columns.</summary>
    /// <param name="inputSchema">The shape of the data's schema.</param>
    /// <exception cref="LatentException">A column to read is missing or of another type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        if (Mapping.Table is { } table)
        {
            foreach (var column in table.Columns)
            {
                var found = Find(inputSchema, column.Name);
                Mapping.RequireFits(column, found.ItemType, found.IsKey, found.Kind != SchemaShape.Column.VectorKind.Scalar);
            }

            return WithColumns(_ml, inputSchema, Mapping.Outputs);
        }

        var input = Find(inputSchema, Mapping.Input);
        var isVector = input.ItemType == NumberDataViewType.Single && input.Kind != SchemaShape.Column.VectorKind.Scalar;
        if (!isVector && !(input.ItemType is ImageDataViewType && Mapping.Image is not null))
        {
            throw new LatentException(
                $"{Mapping.Operation} reads column '{Mapping.Input}', which is {input.Kind} of {input.ItemType}; it must be {Mapping.Expected}."
            );
        }

        if (Mapping.Label is { } label)
        {
            var found = Find(inputSchema, label.Name);
            Mapping.RequireFits(label, found.ItemType, found.IsKey, found.Kind != SchemaShape.Column.VectorKind.Scalar);
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

    private SchemaShape.Column Find(SchemaShape schema, string name) =>
        schema.Where(c => c.Name == name).Select(c => (SchemaShape.Column?)c).FirstOrDefault()
        ?? throw new LatentException($"{Mapping.Operation} reads column '{name}', which the data does not have.");

    // SchemaShape.Column has no public constructor; a public estimator makes one.
    private static SchemaShape.Column Shape(MLContext ml, OutputColumn output) =>
        output.Type switch
        {
            BooleanDataViewType => Shape<bool>(ml, output),
            TextDataViewType => Shape<ReadOnlyMemory<char>>(ml, output),
            DateTimeDataViewType => Shape<DateTime>(ml, output),
            VectorDataViewType => Shape<float[]>(ml, output),
            _ => Shape<float>(ml, output),
        };

    private static SchemaShape.Column Shape<T>(MLContext ml, OutputColumn output)
    {
        var definition = SchemaDefinition.Create(typeof(OneColumn<T>));
        var column = definition[nameof(OneColumn<T>.Value)];
        column.ColumnName = output.Name;
        column.ColumnType = output.Type;
        if (output.SlotNames is { } names)
        {
            ReadOnlyMemory<char>[] slots = [.. names.Select(name => name.AsMemory())];
            var type = new VectorDataViewType(TextDataViewType.Instance, slots.Length);
            column.AddAnnotation("SlotNames", new VBuffer<ReadOnlyMemory<char>>(slots.Length, slots), type);
        }

        return ml
            .Transforms.CustomMapping<NoColumns, OneColumn<T>>((_, _) => { }, null, null, definition)
            .GetOutputSchema(new SchemaShape([]))
            .Single(c => c.Name == output.Name);
    }

    private sealed class NoColumns;

    private sealed class OneColumn<T>
    {
        public T Value { get; set; } = default!;
    }
}

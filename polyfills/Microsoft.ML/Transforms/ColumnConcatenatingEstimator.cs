using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
{
    private readonly string _output;
    private readonly string[] _inputs;

    internal ColumnConcatenatingEstimator(string output, string[] inputs)
    {
        ArgumentException.ThrowIfNullOrEmpty(output);
        if (inputs.Length == 0 || inputs.Any(string.IsNullOrEmpty))
            throw new ArgumentOutOfRangeException(nameof(inputs), $"Column '{output}' needs one column or more to be made of.");
        _output = output;
        _inputs = inputs;
    }

    public ColumnConcatenatingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new(_output, _inputs);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var columns = _inputs.Select(inputSchema.Input).ToArray();
        var item = columns[0].ItemType;
        foreach (var column in columns)
        {
            if (column.IsKey)
                throw new InvalidOperationException($"Column '{column.Name}' is a key, and keys can't be concatenated.");
            if (!column.ItemType.Equals(item))
            {
                throw new InvalidOperationException(
                    $"Column '{_output}' can't be made of columns of different types: '{columns[0].Name}' has items {item}, '{column.Name}' {column.ItemType}.");
            }
        }

        var kind = columns.Any(column => column.Kind == SchemaShape.Column.VectorKind.VariableVector)
            ? SchemaShape.Column.VectorKind.VariableVector
            : SchemaShape.Column.VectorKind.Vector;
        var annotations = new List<SchemaShape.Column>();
        if (columns.All(column => column.Annotations.Find(AnnotationKinds.IsNormalized) is not null))
            annotations.Add(SchemaShape.ColumnOf(AnnotationKinds.IsNormalized, BooleanDataViewType.Instance));
        if (columns.Any(column => column.Kind == SchemaShape.Column.VectorKind.Scalar
            || column.Annotations.Find(AnnotationKinds.SlotNames) is not null))
            annotations.Add(new(AnnotationKinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false));
        return inputSchema.With(new SchemaShape.Column(_output, kind, item, false, new(annotations)));
    }
}

using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms.Onnx;

public sealed class OnnxScoringEstimator : TrivialEstimator<OnnxTransformer>
{
    internal OnnxScoringEstimator(OnnxTransformer transformer)
        : base(transformer)
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var variable in Transformer.Inputs)
        {
            var column = inputSchema.Input(variable.Name);
            if (!column.ItemType.Equals(variable.ItemType))
                throw SchemaErrors.Mismatch(nameof(inputSchema), "input", column.Name, variable.ItemType.ToString()!,
                    column.ItemType.ToString()!);
        }

        return inputSchema.With(Transformer.Outputs.Select(variable => new SchemaShape.Column(variable.Name,
            variable.Type is VectorDataViewType { IsKnownSize: true } ? SchemaShape.Column.VectorKind.Vector
                : SchemaShape.Column.VectorKind.VariableVector,
            variable.ItemType, isKey: false)));
    }
}

using Microsoft.ML;

namespace Latent.ML.Tests;

/// <summary>An estimator that sees the shape that a chain gives it, since SchemaShape.Create is not public.</summary>
internal sealed class ShapeProbe(Action<SchemaShape> see) : IEstimator<ITransformer>
{
    public ITransformer Fit(IDataView input) =>
        new MLContext().Transforms.CopyColumns(input.Schema[0].Name, input.Schema[0].Name).Fit(input);

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        see(inputSchema);
        return inputSchema;
    }
}

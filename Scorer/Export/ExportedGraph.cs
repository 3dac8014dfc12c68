using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Inference.Scoring;
using Microsoft.ML.OnnxRuntime;

namespace Latent.Scorer.Export;

/// <summary>Represents a graph of a bundle with its inputs and outputs, as ONNX Runtime sees them.</summary>
/// <param name="Name">Name of the graph, such as "encoder".</param>
/// <param name="Bytes">The graph.</param>
/// <param name="Inputs">The inputs.</param>
/// <param name="Outputs">The outputs.</param>
internal sealed record ExportedGraph(string Name, byte[] Bytes, IReadOnlyList<ExportedTensor> Inputs, IReadOnlyList<ExportedTensor> Outputs)
{
    /// <summary>Reads the graphs of a bundle, which are checked as before they are run.</summary>
    /// <exception cref="LatentException">A graph is damaged or refused.</exception>
    public static IReadOnlyList<ExportedGraph> Of(LatentBundle bundle) =>
        [.. bundle.Manifest.Files.Where(file => Path.GetExtension(file.Path) == ".onnx").Select(file => Of(bundle, file))];

    private static ExportedGraph Of(LatentBundle bundle, BundleFile file)
    {
        var bytes = bundle.GraphBytes(file.Role);
        GraphContents.Check(bytes, file.Path, anyOperator: false);
        OnnxRuntimeTelemetry.SwitchOff();
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(bytes, options);
        bundle.Session(file.Role, [.. session.OutputMetadata.Keys]);
        return new ExportedGraph(
            Path.GetFileNameWithoutExtension(file.Path),
            bytes,
            [.. session.InputMetadata.Select(Tensor)],
            [.. session.OutputMetadata.Select(Tensor)]
        );
    }

    private static ExportedTensor Tensor(KeyValuePair<string, NodeMetadata> tensor) =>
        new(tensor.Key, tensor.Value.IsString, [.. tensor.Value.Dimensions.Skip(1)]);
}

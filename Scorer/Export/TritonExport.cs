using System.Text;
using Latent.Contracts.Files;

namespace Latent.Scorer.Export;

/// <summary>Writes a model repository for NVIDIA's Triton Inference Server: a model of each graph, with its configuration.</summary>
internal static class TritonExport
{
    private const int MaxBatch = 4096;

    /// <summary>Writes the repository.</summary>
    /// <param name="bundle">The bundle.</param>
    /// <param name="folder">The folder to fill.</param>
    /// <returns>What to do with it, in one line.</returns>
    public static string Write(LatentBundle bundle, string folder)
    {
        foreach (var graph in ExportedGraph.Of(bundle))
        {
            var model = Path.Combine(folder, $"{Exports.NameOf(bundle)}-{graph.Name}");
            Directory.CreateDirectory(Path.Combine(model, "1"));
            File.WriteAllBytes(Path.Combine(model, "1", "model.onnx"), graph.Bytes);
            AtomicFile.WriteText(Path.Combine(model, "config.pbtxt"), Configuration(bundle, graph));
        }

        return "tritonserver --model-repository=FOLDER";
    }

    private static string Configuration(LatentBundle bundle, ExportedGraph graph)
    {
        var text = new StringBuilder(
            $"""
            # {graph.Name}.onnx of the bundle {Exports.NameOf(bundle)}, written by {Exports.Program}.
            # Not run: the machine that this format was written on has no Triton. The server also starts without this file, which it can
            # complete from the graph; then it gathers no rows of several requests into batches.
            name: "{Exports.NameOf(bundle)}-{graph.Name}"
            backend: "onnxruntime"
            max_batch_size: {MaxBatch}
            dynamic_batching {"{ }"}

            """.ReplaceLineEndings("\n")
        );
        foreach (var (kind, tensors) in new[] { ("input", graph.Inputs), ("output", graph.Outputs) })
        {
            text.Append($"{kind} [\n");
            text.AppendJoin(",\n", tensors.Select(Tensor));
            text.Append("\n]\n");
        }

        return text.ToString();
    }

    // A configuration leaves out the axis of rows, but needs another one: a number a row becomes a vector of one.
    private static string Tensor(ExportedTensor tensor)
    {
        var type = tensor.IsText ? "TYPE_STRING" : "TYPE_FP32";
        var dimensions = tensor.Shape.Count > 0 ? $"dims: [ {string.Join(", ", tensor.Shape)} ]" : "dims: [ 1 ], reshape { shape: [ ] }";
        return $"  {{ name: {PythonText.Of(tensor.Name)}, data_type: {type}, {dimensions} }}";
    }
}

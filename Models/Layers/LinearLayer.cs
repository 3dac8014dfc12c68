using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Models.Layers;

/// <summary>Defines the fully connected layer, x·Wᵀ + b.</summary>
internal static class LinearLayer
{
    public static readonly LayerKind Kind = new(
        (layer, input) => nn.Linear(input[0], layer.Out!.Value, layer.Bias ?? true),
        w => Write(w.Graph, w.Name, (Linear)w.Module, w.Input)
    );

    public static string Write(Onnx.OnnxGraph graph, string name, Linear linear, string input) => Write(graph, name, name, linear, input);

    /// <summary>Writes a layer that the graph may contain several times, each with nodes of another name and the same weights.</summary>
    public static string Write(Onnx.OnnxGraph graph, string name, string weights, Linear linear, string input)
    {
        var inputs = new List<string> { input, graph.Weight($"{weights}.weight", linear.weight!) };
        if (linear.bias is { } bias)
            inputs.Add(graph.Weight($"{weights}.bias", bias));
        return graph.Add("Gemm", $"{name}.linear", inputs, ("transB", 1));
    }
}

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

    public static string Write(Onnx.OnnxGraph graph, string name, Linear linear, string input)
    {
        var inputs = new List<string> { input, graph.Weight($"{name}.weight", linear.weight!) };
        if (linear.bias is { } bias)
            inputs.Add(graph.Weight($"{name}.bias", bias));
        return graph.Add("Gemm", $"{name}.linear", inputs, ("transB", 1));
    }
}

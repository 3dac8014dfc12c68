using Latent.Models.Onnx;
using static TorchSharp.torch;

namespace Latent.Models.Layers;

/// <summary>Defines the activations, which work element by element.</summary>
internal static class Activations
{
    public static readonly LayerKind Relu = new((_, _) => nn.ReLU(), Node("Relu", "relu"));

    public static readonly LayerKind LeakyRelu = new(
        (layer, _) => nn.LeakyReLU(layer.NegativeSlope ?? 0.01),
        w => w.Graph.Add("LeakyRelu", $"{w.Name}.leakyRelu", [w.Input], ("alpha", (float)(w.Layer.NegativeSlope ?? 0.01)))
    );

    public static readonly LayerKind Elu = new((_, _) => nn.ELU(), Node("Elu", "elu"));

    /// <summary>x · ½(1 + erf(x/√2)), since opset 17 has no Gelu.</summary>
    public static readonly LayerKind Gelu = new(
        (_, _) => nn.GELU(),
        w =>
        {
            var inverse = w.Graph.Constant($"{w.Name}.gelu.inverse_sqrt2", (float)(1 / Math.Sqrt(2)));
            var scaled = w.Graph.Add("Mul", $"{w.Name}.gelu.scale", [w.Input, inverse]);
            var erf = w.Graph.Add("Erf", $"{w.Name}.gelu.erf", [scaled]);
            var sum = w.Graph.Add("Add", $"{w.Name}.gelu.plus", [erf, w.Graph.Constant($"{w.Name}.gelu.one", 1)]);
            var product = w.Graph.Add("Mul", $"{w.Name}.gelu.times", [w.Input, sum]);
            return w.Graph.Add("Mul", $"{w.Name}.gelu", [product, w.Graph.Constant($"{w.Name}.gelu.half", 0.5f)]);
        }
    );

    public static readonly LayerKind Silu = new(
        (_, _) => nn.SiLU(),
        w => w.Graph.Add("Mul", $"{w.Name}.silu", [w.Input, w.Graph.Add("Sigmoid", $"{w.Name}.silu.sigmoid", [w.Input])])
    );

    public static readonly LayerKind Tanh = new((_, _) => nn.Tanh(), Node("Tanh", "tanh"));

    public static readonly LayerKind Sigmoid = new((_, _) => nn.Sigmoid(), Node("Sigmoid", "sigmoid"));

    public static readonly LayerKind Softplus = new((_, _) => nn.Softplus(), w => WriteSoftplus(w.Graph, $"{w.Name}.softplus", w.Input));

    /// <summary>x clipped to [min, max].</summary>
    public static readonly LayerKind HardTanh = new(
        (layer, _) => new HardTanh(layer.Min ?? -1, layer.Max ?? 1),
        w =>
            w.Graph.Add(
                "Clip",
                $"{w.Name}.hardTanh",
                [
                    w.Input,
                    w.Graph.Constant($"{w.Name}.min", (float)(w.Layer.Min ?? -1)),
                    w.Graph.Constant($"{w.Name}.max", (float)(w.Layer.Max ?? 1)),
                ]
            )
    );

    /// <summary>Writes max(x, 0) + ln(1 + exp(-|x|)), which neither overflows nor loses small values, whatever runs the graph.</summary>
    public static string WriteSoftplus(OnnxGraph graph, string name, string input)
    {
        var magnitude = graph.Add("Abs", $"{name}.magnitude", [input]);
        var tail = graph.Add("Softplus", $"{name}.tail", [graph.Add("Neg", $"{name}.negative", [magnitude])]);
        return graph.Add("Add", name, [graph.Add("Relu", $"{name}.positive", [input]), tail]);
    }

    private static Func<LayerWriting, string> Node(string op, string kind) => w => w.Graph.Add(op, $"{w.Name}.{kind}", [w.Input]);
}

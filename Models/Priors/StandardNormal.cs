using Latent.Contracts.Bundles;
using Latent.Models.Distributions;
using Latent.Models.Onnx;
using static TorchSharp.torch;

namespace Latent.Models.Priors;

/// <summary>Represents N(0, I): ln p(z) = -½ Σ (z² + ln 2π).</summary>
internal sealed class StandardNormal : IPrior
{
    public string Description => "standard normal";

    public NoiseDescription? Noise => null;

    public Tensor LogProb(Tensor z) => DiagonalNormal.StandardLogProb(z);

    public Tensor At(Tensor noise) => noise;

    public string WriteLogProb(OnnxGraph graph, string z) => Write(graph, "prior", z);

    public string WriteAt(OnnxGraph graph, string noise) => noise;

    /// <summary>Writes ln of the density of N(0, I), summed over the last axis of [batch, z].</summary>
    public static string Write(OnnxGraph graph, string name, string z)
    {
        var squares = graph.Add("Mul", $"{name}.squares", [z, z]);
        var terms = graph.Add("Add", $"{name}.terms", [squares, graph.Constant("ln_two_pi", (float)Math.Log(2 * Math.PI))]);
        var sum = graph.Add("ReduceSum", $"{name}.sum", [terms, graph.Integers($"{name}.axes", [1])], ("keepdims", 0));
        return graph.Add("Mul", $"{name}.log_density", [sum, graph.Constant("minus_half", -0.5f)]);
    }
}

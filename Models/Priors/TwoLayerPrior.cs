using Latent.Contracts.Bundles;
using Latent.Models.Distributions;
using Latent.Models.Onnx;
using static TorchSharp.torch;

namespace Latent.Models.Priors;

/// <summary>
/// Represents p(z₁, z₂) = p(z₁|z₂) p(z₂) of two stochastic layers (Burda et al. 2016, eq. 2; Tomczak and Welling 2018, eq. 11). Its noise
/// is that of z₁, then that of z₂.
/// </summary>
/// <param name="conditional">Makes p(z₁|z₂).</param>
/// <param name="upper">p(z₂).</param>
/// <param name="length">Length of z₁.</param>
/// <param name="upperLength">Length of z₂.</param>
internal sealed class TwoLayerPrior(ConditionalNormal conditional, IPrior upper, int length, int upperLength) : IPrior
{
    public string Description => $"{upper.Description} below which a normal distribution is learned";

    public NoiseDescription Noise => new(length + (upper.Noise ?? new NoiseDescription(upperLength, 0)).Normal, upper.Noise?.Uniform ?? 0);

    public Tensor LogProb(Tensor z)
    {
        var rows = z.reshape(-1, z.shape[^1]);
        var second = rows.narrow(1, length, upperLength);
        var first = conditional.Of(second).LogProb(rows.narrow(1, 0, length));
        return (first + upper.LogProb(second)).reshape(z.shape[..^1]);
    }

    public Tensor At(Tensor noise)
    {
        var second = upper.At(noise.narrow(1, length, noise.shape[1] - length));
        var (mean, logVariance) = conditional.Of(second);
        return cat([mean + ((logVariance * 0.5).exp() * noise.narrow(1, 0, length)), second], 1);
    }

    public string WriteLogProb(OnnxGraph graph, string z)
    {
        var first = graph.Slice("conditional.first", z, 0, length);
        var second = graph.Slice("conditional.second", z, length, upperLength);
        var (mean, logVariance) = conditional.Write(graph, "conditional", second);
        var distance = graph.Add("Sub", "conditional.distance", [first, mean]);
        var half = graph.Add("Mul", "conditional.half", [logVariance, graph.Constant("minus_half", -0.5f)]);
        var unit = graph.Add("Mul", "conditional.unit", [distance, graph.Add("Exp", "conditional.inverse", [half])]);
        var volume = graph.Add("ReduceSum", "conditional.volume", [half, graph.Integers("conditional.axes", [1])], ("keepdims", 0));
        var density = graph.Add("Add", "conditional.log_density", [StandardNormal.Write(graph, "conditional.base", unit), volume]);
        return graph.Add("Add", "both.log_density", [density, upper.WriteLogProb(graph, second)]);
    }

    public string WriteAt(OnnxGraph graph, string noise)
    {
        var rest = graph.Slice("conditional.rest", noise, length, Noise.Count() - length);
        var second = upper.WriteAt(graph, rest);
        var (mean, logVariance) = conditional.Write(graph, "conditional", second);
        var half = graph.Add("Mul", "conditional.half", [logVariance, graph.Constant("one_half", 0.5f)]);
        var deviation = graph.Add("Exp", "conditional.deviation", [half]);
        var moved = graph.Add("Mul", "conditional.moved", [deviation, graph.Slice("conditional.noise", noise, 0, length)]);
        return graph.Add("Concat", "both.code", [graph.Add("Add", "conditional.code", [mean, moved]), second], ("axis", 1));
    }
}

using Latent.Contracts.Recipes;
using Latent.Models.Layers;
using Latent.Models.Onnx;
using static TorchSharp.torch;

namespace Latent.Models.Distributions;

/// <summary>Converts what a head gives to ln σ², clipped to a recipe's bounds.</summary>
/// <param name="Recipe">Says how the head states the spread, and the bounds.</param>
internal sealed record VarianceHead(LatentRecipe Recipe)
{
    /// <summary>Added to the standard deviation of a softplus head.</summary>
    private const double MinSigma = 1e-6;

    /// <summary>Computes ln σ².</summary>
    /// <param name="raw">The head's output.</param>
    public Tensor Of(Tensor raw)
    {
        var logVariance = Recipe.Head switch
        {
            VarianceParameterization.LogVariance => raw,
            VarianceParameterization.LogSigma => raw * 2,
            _ => (nn.functional.softplus(raw) + MinSigma).log() * 2,
        };
        return logVariance.clamp(Recipe.MinLogVariance, Recipe.MaxLogVariance);
    }

    /// <summary>Writes the same.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">Beginning of the nodes' names.</param>
    /// <param name="raw">Name of the head's output.</param>
    public string Write(OnnxGraph graph, string name, string raw)
    {
        var logVariance = Recipe.Head switch
        {
            VarianceParameterization.LogVariance => raw,
            VarianceParameterization.LogSigma => graph.Add("Mul", $"{name}.twice", [raw, graph.Constant("spread.two", 2)]),
            _ => Softplus(),
        };
        var min = graph.Constant("spread.least", (float)Recipe.MinLogVariance);
        var max = graph.Constant("spread.greatest", (float)Recipe.MaxLogVariance);
        return graph.Add("Clip", $"{name}.clamp", [logVariance, min, max]);

        string Softplus()
        {
            var offset = graph.Constant("spread.least_sigma", (float)MinSigma);
            var sigma = graph.Add("Add", $"{name}.sigma", [Activations.WriteSoftplus(graph, $"{name}.softplus", raw), offset]);
            return graph.Add("Mul", $"{name}.twice", [graph.Add("Log", $"{name}.log_sigma", [sigma]), graph.Constant("spread.two", 2)]);
        }
    }
}

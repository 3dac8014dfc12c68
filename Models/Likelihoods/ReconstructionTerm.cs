using Latent.Contracts.Recipes;
using Latent.Models.Onnx;
using static TorchSharp.torch;

namespace Latent.Models.Likelihoods;

/// <summary>
/// Represents a reconstruction term of single values: the negative logarithm of a likelihood, or a distance. Each is also written as ONNX.
/// </summary>
/// <param name="Errors">Computes the term of each value from the decoder's output, the target and ln of the spread, if it has one.</param>
/// <param name="WriteErrors">Writes the same: graph, output, target, ln of the spread.</param>
/// <param name="Measure">What the term is, for the graph's description.</param>
internal sealed record ReconstructionTerm(
    Func<Tensor, Tensor, Tensor?, Tensor> Errors,
    Func<OnnxGraph, string, string, string, string> WriteErrors,
    string Measure
)
{
    /// <summary>Gets whether values have a spread.</summary>
    public bool HasSpread { get; init; }

    /// <summary>Gets the mean of p(x|z) in model units, from the decoder's output.</summary>
    public Func<Tensor, Tensor> Mean { get; init; } = raw => raw;

    /// <summary>Writes <see cref="Mean"/>.</summary>
    public Func<OnnxGraph, string, string> WriteMean { get; init; } = (_, raw) => raw;

    /// <summary>Gets a kind's term; columns of tables have their own.</summary>
    public static ReconstructionTerm Of(ReconstructionKind kind) =>
        kind switch
        {
            ReconstructionKind.Bernoulli => Bernoulli.Term,
            ReconstructionKind.Gaussian => Gaussian.Term,
            ReconstructionKind.Laplace => Laplace.Term,
            ReconstructionKind.DiscretizedLogistic => DiscretizedLogistic.Term,
            ReconstructionKind.MeanAbsoluteError => Distances.Absolute,
            ReconstructionKind.Huber => Distances.Huber,
            _ => Distances.Squared,
        };

    /// <summary>Computes (x - m) / s from ln s.</summary>
    public static Tensor Standardize(Tensor raw, Tensor target, Tensor logSpread) => (target - raw) * (-logSpread).exp();

    /// <summary>Writes (x - m) / s from ln s.</summary>
    public static string WriteStandardize(OnnxGraph graph, string raw, string target, string logSpread)
    {
        var difference = graph.Add("Sub", "error.difference", [target, raw]);
        var inverse = graph.Add("Exp", "error.inverse_spread", [graph.Add("Neg", "error.negative_log_spread", [logSpread])]);
        return graph.Add("Mul", "error.standardized", [difference, inverse]);
    }
}

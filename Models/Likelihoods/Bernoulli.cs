using Latent.Models.Layers;
using static TorchSharp.torch;

namespace Latent.Models.Likelihoods;

/// <summary>
/// Defines the Bernoulli likelihood of logits l, -ln p(x|l) = softplus(l) - x·l, stable for logits of any size; its mean is sigmoid(l).
/// </summary>
internal static class Bernoulli
{
    public static readonly ReconstructionTerm Term = new(
        (raw, target, _) => nn.functional.binary_cross_entropy_with_logits(raw, target, reduction: nn.Reduction.None),
        (graph, raw, target, _) =>
        {
            var product = graph.Add("Mul", "error.product", [target, raw]);
            return graph.Add("Sub", "error.each", [Activations.WriteSoftplus(graph, "error.softplus", raw), product]);
        },
        "Cross-entropy in nats"
    )
    {
        Mean = raw => raw.sigmoid(),
        WriteMean = (graph, raw) => graph.Add("Sigmoid", "output.sigmoid", [raw]),
    };
}

namespace Latent.Models.Likelihoods;

/// <summary>Defines the normal likelihood, -ln p(x|m) = ½((x - m)/σ)² + ln σ + ½ ln 2π (Kingma and Welling 2014, appendix C.2).</summary>
internal static class Gaussian
{
    private static readonly double s_halfLogTwoPi = 0.5 * Math.Log(2 * Math.PI);

    public static readonly ReconstructionTerm Term = new(
        (raw, target, logSpread) =>
            (ReconstructionTerm.Standardize(raw, target, logSpread!).square() * 0.5) + (logSpread! + s_halfLogTwoPi),
        (graph, raw, target, logSpread) =>
        {
            var standardized = ReconstructionTerm.WriteStandardize(graph, raw, target, logSpread);
            var square = graph.Add("Mul", "error.square", [standardized, standardized]);
            var half = graph.Add("Mul", "error.half_square", [square, graph.Constant("one_half", 0.5f)]);
            var constant = graph.Add("Add", "error.constant", [logSpread, graph.Constant("error.half_log_two_pi", (float)s_halfLogTwoPi)]);
            return graph.Add("Add", "error.each", [half, constant]);
        },
        "Negative log-density of a normal distribution in nats"
    )
    {
        HasSpread = true,
    };
}

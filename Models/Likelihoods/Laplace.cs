namespace Latent.Models.Likelihoods;

/// <summary>Defines Laplace's likelihood, -ln p(x|m) = |x - m|/b + ln 2b.</summary>
internal static class Laplace
{
    private static readonly double s_logTwo = Math.Log(2);

    public static readonly ReconstructionTerm Term = new(
        (raw, target, logSpread) => Distances.Size(ReconstructionTerm.Standardize(raw, target, logSpread!)) + (logSpread! + s_logTwo),
        (graph, raw, target, logSpread) =>
        {
            var size = graph.Add("Abs", "error.size", [ReconstructionTerm.WriteStandardize(graph, raw, target, logSpread)]);
            var constant = graph.Add("Add", "error.constant", [logSpread, graph.Constant("error.log_two", (float)s_logTwo)]);
            return graph.Add("Add", "error.each", [size, constant]);
        },
        "Negative log-density of Laplace's distribution in nats"
    )
    {
        HasSpread = true,
    };
}

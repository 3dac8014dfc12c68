using System.Globalization;
using Latent.Contracts.Recipes;
using Latent.Trainer.Report.Charts;

namespace Latent.Trainer.Report.Sections;

/// <summary>The score of rows as a histogram on a logarithmic axis, that of tables split by label.</summary>
internal static class Errors
{
    private const int MaxBins = 40;
    private const int MaxLabels = 4;

    public static Section Build(ReportContext context)
    {
        // The least score above 0 stands for those that are 0.
        var positive = context.Scores.Where(s => s > 0).DefaultIfEmpty(1).ToList();
        var (low, high) = (positive.Min() * 0.999, positive.Max() * 1.001);
        var bins = Math.Clamp(context.Scores.Length / 5, 5, MaxBins);
        var step = Math.Log(high / low) / bins;
        var groups = context
            .Scores.Select((score, i) => (Score: score, Label: LabelOf(context, i)))
            .GroupBy(row => row.Label, row => (int)Math.Clamp(Math.Log(Math.Max(row.Score, low) / low) / step, 0, bins - 1))
            .OrderBy(group => group.Key?.Length)
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .ToList();
        var counts = groups.ConvertAll(group => Enumerable.Range(0, bins).Select(bin => group.Count(b => b == bin)).ToList());
        var shares = groups.Select((group, g) => counts[g].ConvertAll(count => 100.0 * count / group.Count())).ToList();
        var plot = new Plot(
            $"Score of {context.Kind} rows",
            context.Table is null ? $"score, {Unit(context)}" : "score",
            groups.Count > 1 ? "% of the label's rows" : "% of rows",
            (low, high),
            (0, shares.SelectMany(share => share).Max() * 1.04),
            logarithmicX: true
        );
        for (var g = 0; g < groups.Count; g++)
        {
            for (var bin = 0; bin < bins && groups.Count <= 2; bin++)
            {
                if (counts[g][bin] > 0)
                    plot.Bar(g, Edge(bin), Edge(bin + 1), shares[g][bin], opacity: 0.25);
            }

            var steps = shares[g].SelectMany((share, bin) => new[] { (Edge(bin), share), (Edge(bin + 1), share) });
            var name = groups[g].Key is { } label ? $"label {label}, {groups[g].Count()} rows" : null;
            plot.Line(name, g, [(Edge(0), 0), .. steps, (Edge(bins), 0)]);
        }

        for (var bin = 0; bin < bins; bin++)
        {
            var rows = groups.Select(
                (group, g) =>
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{(group.Key is { } label ? $"label {label}: " : "")}{counts[g][bin]} rows, {shares[g][bin]:0.#} %"
                    )
            );
            plot.Strip(Edge(bin), Edge(bin + 1), $"{Verdict.Say(Edge(bin))} to {Verdict.Say(Edge(bin + 1))}\n{string.Join('\n', rows)}");
        }

        var kl = context.Variational ? "The reconstruction error at the mean code, and the KL added" : "The reconstruction error";
        var what =
            context.Table is null ? kl
            : context.Manifest.Recipe.Score.Density == DensityKind.None ? "How much worse than usual the columns are reconstructed"
            : "How much worse than usual the columns are reconstructed, and how far the row is from what was learned";
        var caption = $"{what}: a score to find rows by that are unlike the training data. {context.Scores.Length} {context.Kind} rows.";
        return new Section("errors", "Score", $"<div class='charts'>{ReportContext.Figure(plot, caption)}</div>");

        double Edge(int bin) => low * Math.Exp(step * bin);
    }

    private static string Unit(ReportContext context) =>
        context.Variational && !context.Bernoulli ? $"{context.ErrorUnit} plus nats" : context.ErrorUnit;

    private static string? LabelOf(ReportContext context, int row) =>
        context.Image is null && context.Data.Labels is { } labels && context.LabelCount is > 1 and <= MaxLabels ? labels[row] : null;
}

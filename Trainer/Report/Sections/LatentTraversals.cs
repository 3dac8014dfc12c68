using Latent.Trainer.Report.Images;

namespace Latent.Trainer.Report.Sections;

/// <summary>Straight lines through latent space: between inputs, and along one dimension at a time.</summary>
internal static class LatentTraversals
{
    private const int Steps = 11;
    private const int Lines = 8;

    public static Section? Build(ReportContext context)
    {
        if (context.Image is not { } image || context.Count < 2)
        {
            return null;
        }

        var z = context.Latent;
        var between = new List<float>();
        var ends = context.Spread(2 * Lines);
        for (var line = 0; line < ends.Length / 2; line++)
        {
            var (from, to) = (ends[line], ends[line + (ends.Length / 2)]);
            for (var step = 0; step < Steps; step++)
            {
                var t = (float)step / (Steps - 1);
                for (var d = 0; d < z; d++)
                {
                    between.Add((1 - t) * context.Codes[from * z + d] + t * context.Codes[to * z + d]);
                }
            }
        }

        var variance = LatentUsage.Variance(context);
        var dimensions = Enumerable.Range(0, z).OrderByDescending(d => variance[d]).Take(Lines).ToList();
        var mean = Enumerable.Range(0, z).Select(d => Enumerable.Range(0, context.Count).Average(i => context.Codes[i * z + d])).ToArray();
        var along = new List<float>();
        foreach (var dimension in dimensions)
        {
            for (var step = 0; step < Steps; step++)
            {
                var offset = (-3 + 6.0 * step / (Steps - 1)) * Math.Sqrt(variance[dimension]);
                along.AddRange(Enumerable.Range(0, z).Select(d => mean[d] + (d == dimension ? (float)offset : 0)));
            }
        }

        var html =
            context.Figure(
                ImageGrid.Draw(context.Graphs.Decode([.. between]), image, Steps),
                "interpolations",
                $"Interpolations: a straight line from the code of one {context.Kind} input to another's."
            )
            + context.Figure(
                ImageGrid.Draw(context.Graphs.Decode([.. along]), image, Steps),
                "traversals",
                $"Traversals: dimensions {string.Join(", ", dimensions)} (a line each) from -3 to 3 deviations, all others at their mean."
            );
        return new Section("walks", "Interpolations and traversals", $"<div class='row'>{html}</div>");
    }
}

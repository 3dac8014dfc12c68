using Latent.Trainer.Report.Images;

namespace Latent.Trainer.Report.Sections;

/// <summary>Lines through latent space: between inputs, and along one dimension at a time.</summary>
internal static class LatentTraversals
{
    private const int Steps = 11;
    private const int Lines = 8;

    public static Section? Build(ReportContext context)
    {
        // Between places in a codebook there is nothing, and between labels neither.
        var recipe = context.Manifest.Recipe;
        if (context.Image is not { } image || context.Count < 2 || recipe.Latent.Codebook is not null || recipe.Condition is not null)
            return null;

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

        // Each line begins and ends with the input itself.
        var features = context.Graphs.Features;
        var decoded = context.Graphs.Decode([.. between]);
        var lines = Enumerable
            .Range(0, ends.Length / 2)
            .SelectMany(line =>
                (float[])
                    [
                        .. context.Rows.AsSpan(ends[line] * features, features),
                        .. decoded.AsSpan(line * Steps * features, Steps * features),
                        .. context.Rows.AsSpan(ends[line + (ends.Length / 2)] * features, features),
                    ]
            );
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
                ImageGrid.Draw([.. lines], image, Steps + 2),
                "interpolations",
                $"Interpolations: a {context.Kind} input, images along the straight line from its code to another's, and that other input."
            )
            + context.Figure(
                ImageGrid.Draw(context.Graphs.Decode([.. along]), image, Steps),
                "traversals",
                $"Traversals: dimensions {string.Join(", ", dimensions)} (a line each) from -3 to 3 deviations, all others at their mean."
            );
        return new Section("walks", "Interpolations and traversals", $"<div class='row'>{html}</div>");
    }
}

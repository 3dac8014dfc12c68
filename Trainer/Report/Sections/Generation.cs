using Latent.Trainer.Evaluation;
using Latent.Trainer.Report.Images;

namespace Latent.Trainer.Report.Sections;

/// <summary>New images, three ways.</summary>
internal static class Generation
{
    private const int Drawn = 30;
    private const int Components = 16;

    public static Section? Build(ReportContext context)
    {
        // Unrelated codes of an ensemble's members would give the mean of unrelated images.
        if (context.Image is not { } image || context.Count < 2 || context.Manifest.Recipe.Ensemble > 1)
        {
            return null;
        }

        var (random, z) = (context.Random("generation"), context.Latent);
        var uniform = new float[Drawn * z];
        for (var d = 0; d < z; d++)
        {
            var column = Enumerable.Range(0, context.Count).Select(i => context.Codes[i * z + d]).ToList();
            var (low, high) = (column.Min(), column.Max());
            for (var i = 0; i < Drawn; i++)
            {
                uniform[i * z + d] = low + (high - low) * random.NextSingle();
            }
        }

        var pca = Pca.Fit(context.Codes, z, Components);
        var principal = Enumerable
            .Range(0, Drawn)
            .SelectMany(_ => pca.Inverse([.. pca.Variances.Select(v => Math.Sqrt(v) * Predictive.Gaussian(random))]))
            .ToArray();
        var html =
            Draw("generated-uniform", uniform, "Independent draws, uniform over each code dimension's range.")
            + Draw("generated-pca", principal, $"Normal draws along the {pca.Variances.Length} principal components of the codes.");
        if (context.Manifest.Prior is not null)
        {
            html += Draw(
                "generated-prior",
                Predictive.Prior(context.Graphs, Drawn, random),
                $"Draws from the {Predictive.PriorName(context.Manifest)}."
            );
        }

        return new Section("generation", "Generation", $"<div class='row'>{html}</div>");

        string Draw(string name, float[] codes, string caption) =>
            context.Figure(ImageGrid.Draw(context.Graphs.Decode(codes), image, 10), name, caption);
    }
}

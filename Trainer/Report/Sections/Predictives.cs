using Latent.Trainer.Report.Images;

namespace Latent.Trainer.Report.Sections;

/// <summary>The four predictives of a variational model: prior sample and mean, posterior of inputs, and the mean for a code.</summary>
internal static class Predictives
{
    public static Section? Build(ReportContext context)
    {
        // Unrelated codes of an ensemble's members would give the mean of unrelated images.
        if (!context.Variational || context.Image is not { } image || context.Manifest.Recipe.Ensemble > 1)
        {
            return null;
        }

        var random = context.Random("predictives");
        var codes = Predictive.Prior(context.Graphs, 50, random);
        var prior = context.Graphs.Decode(codes);
        var html = context.Figure(
            ImageGrid.Draw(prior, image, 10),
            "prior-mean",
            $"Prior predictive mean: E[x|z] at 50 draws z ~ {Predictive.PriorName(context.Manifest)}{(context.Manifest.Input.Classes is null ? "" : ", with each label in turn")}."
        );
        var noise = context.Bernoulli ? "each pixel drawn as Bernoulli" : "with normal noise of the residuals' standard deviation";
        var observed = Predictive.Observe(context.Manifest, prior, Residual(context), random);
        html += context.Figure(
            ImageGrid.Draw(observed, image, 10),
            "prior-sample",
            $"Prior predictive sample: x ~ p(x|z) at the same draws, {noise}."
        );

        var given = context.Spread(10);
        var z = context.Latent;
        var labels = context.Labels is { } all ? given.Select(row => all[row]).ToList() : null;
        var sheet = new List<float>(ReportContext.Take(context.Inputs, context.Graphs.Features, given));
        var (means, logVariances) = (ReportContext.Take(context.Codes, z, given), ReportContext.Take(context.LogVariances, z, given));
        for (var line = 0; line < 4; line++)
        {
            sheet.AddRange(
                context.Graphs.Decode(
                    Predictive.Posterior(
                        context.Graphs,
                        ReportContext.Take(context.Inputs, context.Graphs.Features, given),
                        labels,
                        means,
                        logVariances,
                        random
                    ),
                    labels
                )
            );
        }

        html += context.Figure(
            ImageGrid.Draw(sheet.ToArray(), image, given.Length),
            "posterior-predictive",
            "Posterior predictive: the input in the first line, then E[x|z] at four draws z ~ q(z|x)."
        );
        var classes = context.Manifest.Input.Classes?.Count ?? 1;
        var zero = context.Graphs.Decode(new float[z * classes]);
        html += context.Figure(
            ImageGrid.Draw(zero, image, Math.Min(10, classes)),
            "mean-at-zero",
            $"Mean for a given code: E[x|z] at z = 0, the middle of the prior{(classes > 1 ? ", with each label" : "")}."
        );
        return new Section("predictives", "What the model draws", $"<div class='row'>{html}</div>");
    }

    private static double Residual(ReportContext context) =>
        Math.Sqrt(context.Rows.Zip(context.Outputs, (a, b) => (double)(a - b) * (a - b)).Average());
}

using Latent.Trainer.Report.Pictures;

namespace Latent.Trainer.Report.Sections;

/// <summary>The four predictives of a variational model: prior sample and mean, posterior from given inputs, and the mean for a given code.</summary>
internal static class Predictives
{
    public static Section? Build(ReportContext context)
    {
        if (!context.Variational || context.Image is not { } image)
        {
            return null;
        }

        var random = context.Random("predictives");
        var codes = context.Normal(random, 50);
        var prior = context.Graphs.Decode(codes);
        var html = context.Figure(PictureGrid.Draw(prior, image, 10), "prior-mean", "Prior predictive mean: E[x|z] at 50 draws z ~ N(0, I).");
        var noise = context.Bernoulli ? "each pixel drawn as Bernoulli" : "with normal noise of the residuals' standard deviation";
        html += context.Figure(PictureGrid.Draw(Observe(context, prior, random), image, 10), "prior-sample", $"Prior predictive sample: x ~ p(x|z) at the same draws, {noise}.");

        var given = Math.Min(10, context.Count);
        var (f, z) = (context.Graphs.Features, context.Latent);
        var sheet = new List<float>(context.Rows[..(given * f)]);
        for (var line = 0; line < 4; line++)
        {
            var draws = new float[given * z];
            for (var i = 0; i < draws.Length; i++)
            {
                draws[i] = context.Codes[i] + MathF.Exp(context.LogVariances[i] / 2) * ReportContext.Gaussian(random);
            }

            sheet.AddRange(context.Graphs.Decode(draws));
        }

        html += context.Figure(PictureGrid.Draw(sheet.ToArray(), image, given), "posterior-predictive", "Posterior predictive: the input in the first line, then E[x|z] at four draws z ~ q(z|x).");
        var zero = context.Graphs.Decode(new float[z]);
        html += context.Figure(PictureGrid.Draw(zero, image, 1), "mean-at-zero", "Mean for a given code: E[x|z] at z = 0, the middle of the prior.");
        return new Section("predictives", "What the model draws", $"<div class='row'>{html}</div>");
    }

    private static float[] Observe(ReportContext context, float[] means, Random random)
    {
        var residual = context.Bernoulli ? 0 : Math.Sqrt(context.Rows.Zip(context.Outputs, (a, b) => (double)(a - b) * (a - b)).Average());
        return [.. means.Select(m => context.Bernoulli
            ? random.NextDouble() < m / 255 ? 255f : 0f
            : m + (float)residual * ReportContext.Gaussian(random))];
    }
}

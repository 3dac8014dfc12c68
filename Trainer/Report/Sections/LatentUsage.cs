using Latent.Trainer.Evaluation;
using Latent.Trainer.Report.Charts;

namespace Latent.Trainer.Report.Sections;

/// <summary>How much each dimension of the code carries.</summary>
internal static class LatentUsage
{
    /// <summary>A dimension is active where the variance of its mean is greater (Burda et al. 2016, section 5.2).</summary>
    public const double ActiveVariance = 0.01;

    // A plain code has a scale of its own: what varies this little beside the greatest variance carries nothing.
    private const double DeadShare = 1e-4;

    public static Section Build(ReportContext context)
    {
        var variance = Variance(context);
        var largest = new double[context.Latent];
        var kl = new double[context.Latent];
        for (var i = 0; i < context.Codes.Length; i++)
        {
            var d = i % context.Latent;
            largest[d] = Math.Max(largest[d], Math.Abs(context.Codes[i]));
            if (context.Variational)
                kl[d] += NormalKl.Of(context.Codes[i], context.LogVariances[i]) / context.Count;
        }

        var html = "";
        if (context.Variational)
        {
            html += Bars("KL of each dimension", "nats", kl);
        }

        html += Bars("Variance of the mean code", "variance over rows", variance) + Bars("Largest activation", "greatest |code|", largest);
        var active = Active(context);
        var limit = context.Variational ? FormattableString.Invariant($"{ActiveVariance}") : "a ten-thousandth of the greatest";
        var note =
            $"{active} of {context.Latent} dimensions are active: the variance of their mean code over {context.Count}"
            + $" {context.Kind} rows exceeds {limit}.";
        return new Section("usage", "Latent usage", $"<div class='charts'>{html}</div><p class='note'>{note}</p>");
    }

    /// <summary>Variance over rows of each dimension's mean code.</summary>
    public static double[] Variance(ReportContext context) =>
        [
            .. Enumerable
                .Range(0, context.Latent)
                .Select(d =>
                {
                    var values = Enumerable.Range(0, context.Count).Select(i => (double)context.Codes[i * context.Latent + d]).ToList();
                    var mean = values.Average();
                    return values.Average(v => (v - mean) * (v - mean));
                }),
        ];

    /// <summary>Number of active dimensions.</summary>
    public static int Active(ReportContext context) =>
        Variance(context) is var variance && context.Variational
            ? variance.Count(v => v > ActiveVariance)
            : variance.Count(v => v > DeadShare * variance.Max());

    /// <summary>The two dimensions of greatest variance.</summary>
    public static (int First, int Second) MaxUsed(ReportContext context)
    {
        var variance = Variance(context);
        var order = Enumerable.Range(0, context.Latent).OrderByDescending(d => variance[d]).ToList();
        return (order[0], order[1]);
    }

    private static string Bars(string title, string unit, double[] values)
    {
        var plot = new Plot(title, "dimension", unit, (-0.6, values.Length - 0.4), (0, Math.Max(values.Max() * 1.04, 1e-6)), wholeX: true);
        for (var d = 0; d < values.Length; d++)
            plot.Bar(0, d - 0.4, d + 0.4, values[d], FormattableString.Invariant($"dimension {d}: {values[d]:G4}"));
        return ReportContext.Figure(plot);
    }
}

namespace Latent.Trainer.Report.Charts;

/// <summary>Curves of test NLL against passes, on a logarithmic axis: each stage has three times as many as the one before.</summary>
internal static class LikelihoodPlot
{
    // What lies higher above the best point is the beginning of training, which would flatten all that follows.
    private const double Nats = 20;

    /// <summary>Draws curves.</summary>
    /// <param name="curves">Each with its name; every one has a point.</param>
    public static Plot Of(IReadOnlyList<(string Name, IReadOnlyList<(double Passes, double Nll)> Points)> curves)
    {
        var all = curves.SelectMany(c => c.Points).ToList();
        var min = all.Min(p => p.Nll);
        var plot = new Plot(
            "Test NLL against passes",
            "passes",
            "nats per row",
            (all.Min(p => p.Passes) * 0.9, all.Max(p => p.Passes) * 1.1),
            (min - 1, min + Nats),
            width: 640,
            height: 400,
            logarithmicX: true
        );
        for (var i = 0; i < curves.Count; i++)
        {
            var shown = curves[i].Points.Where(p => p.Nll <= min + Nats).ToList();
            plot.Line(curves[i].Name, i, shown);
            plot.Points(null, i, shown, 3);
        }

        return plot;
    }
}

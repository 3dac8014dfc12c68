using System.Globalization;
using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Engines;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Export;
using Latent.Trainer.Progress;
using Latent.Trainer.Report;
using Latent.Trainer.Runs;
using Spectre.Console;
using TorchSharp;

namespace Latent.Trainer.Commands;

/// <summary>
/// Measures how well a table's score finds anomalies, or of other bundles' held-out rows the likelihood, what codes say of them, and their
/// reconstructions beside those of a PCA, and adds the metrics to the bundle's manifest.
/// </summary>
internal static class EvaluateCommand
{
    private const int DefaultSamples = 5000;

    public static int Run(EvaluateSettings settings, IAnsiConsole console)
    {
        if (settings.Threads is { } number)
            torch.set_num_threads(number);
        var opened = BundleFolder.Open(settings.Bundle);
        if (opened.Manifest.Input.Table is not null)
        {
            if (settings.Samples is not null || settings.Count is not null || settings.Graphs)
            {
                throw new LatentException(
                    "--samples, --count and --graphs are for likelihoods; the rows of a table are scored, all of them."
                );
            }

            return Table(opened, settings, console);
        }

        if (settings.Label is not null || settings.Top is not null)
        {
            throw new LatentException(
                $"--label and --top are for tables that the recipe `table` learned; {settings.Bundle} is not one of them."
            );
        }

        if (opened.Manifest.Kind != ModelKind.Denoiser)
            return Rows(settings, console);
        if (EvaluateDenoiser.Run(settings, opened.Manifest, console) is { Count: > 0 } figures)
            Add(settings.Bundle, opened.Manifest, figures);
        return ExitCodes.Done;
    }

    private static int Table(BundleFolder bundle, EvaluateSettings settings, IAnsiConsole console)
    {
        var writer = console.Profile.Out.Writer;
        var rows = EvaluatedRows.Of(bundle, settings.Data, settings.Label, default);
        int[] told = rows.Anomalies is null
            ? []
            : [.. Enumerable.Range(0, rows.Scores.Length).Where(row => rows.Anomalies[row] is not null)];
        bool[] anomalies = [.. told.Select(row => rows.Anomalies![row] == true)];
        writer.WriteLine(Printable.Of($"Rows: {rows.Description}."));
        if (!anomalies.Contains(true) || !anomalies.Contains(false))
        {
            console.Write(Quantiles(rows.Scores));
            writer.WriteLine(
                rows.Anomalies is null
                    ? "There are no labels that tell anomalies from other rows, so that only the scores themselves are given; --label COL (data.label) names the column of 1 and 0, or of two words."
                    : "The labels of these rows are all alike, so that only the scores themselves are given; anomalies and other rows are both needed."
            );
            return ExitCodes.Done;
        }

        if (settings.Top > told.Length)
        {
            throw new LatentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"--top is {settings.Top}; it must be at most {told.Length}, the number of rows."
                )
            );
        }

        float[] scores = [.. told.Select(row => rows.Scores[row])];
        var metrics = AnomalyMetrics.Of(scores, anomalies, settings.Top is { } top ? [top] : []);
        console.Write(TableOf(metrics));
        writer.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{metrics.Anomalies:N0} of {metrics.Rows:N0} rows with a label are anomalies. The interval of the AUROC is that of DeLong et al. (1988), the others are of {AnomalyMetrics.Samples:N0} bootstrap samples of the rows."
            )
        );
        if (!rows.AreOwn)
            writer.WriteLine("The manifest keeps the figures it has: they are those of the bundle's own data.");
        else if (!rows.AreHeldOut)
            writer.WriteLine("These metrics are of rows that were learned from and are not added to the manifest.");
        else
            Add(settings.Bundle, bundle.Manifest, metrics.Named());
        return ExitCodes.Done;
    }

    private static Table TableOf(AnomalyMetrics metrics)
    {
        var table = new Table().RoundedBorder().AddColumn("");
        foreach (var header in new[] { "value", "95% interval", "chance" })
            table.AddColumn(new TableColumn(header).RightAligned());
        Line("AUROC", metrics.Auroc, 0.5);
        Line("average precision", metrics.AveragePrecision, metrics.Chance);
        foreach (var (k, precision) in metrics.PrecisionAt)
            Line(string.Create(CultureInfo.InvariantCulture, $"precision at {k:N0}"), precision, metrics.Chance);
        return table;

        void Line(string name, Estimate figure, double chance) =>
            table.AddRow(name, Three(figure.Value), $"{Three(figure.Low)} to {Three(figure.High)}", Three(chance));
    }

    private static Table Quantiles(float[] scores)
    {
        float[] sorted = [.. scores.Order()];
        var table = new Table().RoundedBorder().AddColumn("share of rows with a lower score");
        table.AddColumn(new TableColumn("score").RightAligned());
        foreach (var percent in new[] { 50, 90, 95, 99, 100 })
            table.AddRow($"{percent} %", Three(sorted[(int)Math.Ceiling(percent / 100.0 * sorted.Length) - 1]));
        return table;
    }

    private static string Three(double value) => value.ToString("0.000", CultureInfo.InvariantCulture);

    private static void Add(string bundle, BundleManifest manifest, IEnumerable<(string Name, double Value)> figures)
    {
        var metrics = new SortedDictionary<string, double>(manifest.Metrics.ToDictionary(), StringComparer.Ordinal);
        foreach (var (name, value) in figures)
            metrics[name] = value;
        BundleRewrite.Metrics(bundle, manifest, metrics);
    }

    private static int Rows(EvaluateSettings settings, IAnsiConsole console)
    {
        var writer = console.Profile.Out.Writer;
        using var trained = TrainedBundle.Open(settings.Bundle, settings.Data, writer.WriteLine);
        var isPlain = !trained.Session.Model.IsVariational;
        if (isPlain && (settings.Samples is not null || settings.Count is not null || settings.Graphs))
        {
            throw new LatentException(
                $"{trained.Manifest.Name} is a plain autoencoder, which has no likelihood; --samples, --count and --graphs are for variational bundles."
            );
        }

        if (settings.Graphs && settings.CodeRows is not null)
            throw new LatentException("--code-rows is for the codes of the model, of which --graphs evaluates nothing.");
        var writes = !settings.Graphs && settings.Count is null && trained.HasItsData && trained.Data.HasHeldOut;
        // A bundle that can't be written is refused before the work.
        if (writes)
            BundleRewrite.Metrics(settings.Bundle, trained.Manifest, trained.Manifest.Metrics);
        var metrics = new List<(string, double)>();
        if (!isPlain)
            metrics.AddRange(Likelihood(trained, settings, console));
        if (!settings.Graphs)
            metrics.AddRange(Codes(trained, settings.CodeRows ?? CodeMetrics.DefaultRows, console));
        if (!trained.Data.HasHeldOut)
        {
            writer.WriteLine(
                "There are neither test nor validation rows: metrics of the training rows are not added to the manifest, and their codes are not judged."
            );
        }

        if (trained.Manifest.Recipe.About.Published is { } published)
        {
            writer.WriteLine(
                Printable.Of(string.Create(CultureInfo.InvariantCulture, $"Published: {published.Nll:0.00} ({published.Source})."))
            );
        }

        if (writes)
            Add(settings.Bundle, trained.Manifest, metrics);
        return ExitCodes.Done;
    }

    private static IEnumerable<(string, double)> Likelihood(TrainedBundle trained, EvaluateSettings settings, IAnsiConsole console)
    {
        var (count, graphs, samples) = (settings.Count, settings.Graphs, settings.Samples ?? DefaultSamples);
        var writer = console.Profile.Out.Writer;
        var progress = new ProgressLine("evaluate", quiet: false);
        var figures = graphs
            ? TestLikelihood.OfGraphs(trained.Session, trained.Folder, trained.Data.HeldOut, samples, count, Show)
            : TestLikelihood.Of(trained.Session, trained.Data.HeldOut, samples, count, Show);
        progress.End();
        var table = new Table().RoundedBorder().AddColumn("").AddColumn(new TableColumn("nats per row").RightAligned());
        table.AddRow("NLL", string.Create(CultureInfo.InvariantCulture, $"{figures.Nll:0.00} ± {figures.StandardError:0.00}"));
        table.AddRow("ELBO", figures.Elbo.ToString("0.00", CultureInfo.InvariantCulture));
        table.AddRow("reconstruction", figures.Reconstruction.ToString("0.00", CultureInfo.InvariantCulture));
        table.AddRow("KL", figures.Kl.ToString("0.00", CultureInfo.InvariantCulture));
        table.AddRow("active units", $"{figures.ActiveUnits} of {trained.Manifest.LatentDimension}");
        console.Write(table);
        writer.WriteLine($"{samples} importance samples per row, computed by {(graphs ? "ONNX Runtime" : Engine.Name)}.");
        if (trained.Manifest.Recipe.Objective.Reconstruction == ReconstructionKind.MeanSquaredError)
            writer.WriteLine("The squared error is -ln p(x|z) of a normal density of variance 1/2, up to the constant ln(pi)/2 per value.");
        return figures.Named(samples);

        void Show(int done, int rows) => progress.Show(done, done / (double)rows);
    }

    private static List<(string, double)> Codes(TrainedBundle trained, int rows, IAnsiConsole console)
    {
        List<(string Name, double Value)> metrics =
        [
            .. CodeMetrics.Of(trained.Session.Model, trained.Data, rows),
            .. HeldOutMetrics.BesidePca(trained.Session.Model, trained.Data),
        ];
        if (metrics.Count == 0)
            return metrics;
        var named = trained.Manifest with { Metrics = metrics.ToDictionary(metric => metric.Name, metric => metric.Value) };
        var table = new Table().RoundedBorder().AddColumn("").AddColumn(new TableColumn("value").RightAligned()).AddColumn("unit");
        foreach (var (key, value) in metrics)
        {
            var (name, unit) = MetricNames.Of(key, named);
            table.AddRow(Markup.Escape(name), MetricFormat.Value(value), Markup.Escape(unit));
        }

        console.Write(table);
        return metrics;
    }
}

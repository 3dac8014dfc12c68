using System.Globalization;
using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Engines;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Export;
using Latent.Trainer.Runs;
using Spectre.Console;
using TorchSharp;

namespace Latent.Trainer.Commands;

/// <summary>
/// Measures how well a table's score finds anomalies, or estimates the likelihood of a variational bundle's held-out rows, and adds the
/// metrics to the bundle's manifest.
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
            throw new LatentException($"--label and --top are for tables that the recipe `table` learned; {settings.Bundle} is none.");
        return Likelihood(settings, console);
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

    private static int Likelihood(EvaluateSettings settings, IAnsiConsole console)
    {
        var (bundle, count, graphs, samples) = (settings.Bundle, settings.Count, settings.Graphs, settings.Samples ?? DefaultSamples);
        var writer = console.Profile.Out.Writer;
        using var trained = TrainedBundle.Open(bundle, settings.Data, writer.WriteLine);
        var writes = !graphs && count is null && trained.HasItsData && trained.Data.HasHeldOut;
        // A bundle that can't be written is refused before the work.
        if (writes)
            BundleRewrite.Metrics(bundle, trained.Manifest, trained.Manifest.Metrics);
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
        if (!trained.Data.HasHeldOut)
        {
            writer.WriteLine(
                "There are neither test nor validation rows: these metrics are of the training rows and are not added to the manifest."
            );
        }

        if (trained.Manifest.Recipe.Objective.Reconstruction == ReconstructionKind.MeanSquaredError)
            writer.WriteLine("The squared error is -ln p(x|z) of a normal density of variance 1/2, up to the constant ln(pi)/2 per value.");
        if (trained.Manifest.Recipe.About.Published is { } published)
        {
            writer.WriteLine(
                Printable.Of(string.Create(CultureInfo.InvariantCulture, $"Published: {published.Nll:0.00} ({published.Source})."))
            );
        }

        if (writes)
            Add(bundle, trained.Manifest, figures.Named(samples));
        return ExitCodes.Done;

        void Show(int done, int rows) => progress.Show(done, done / (double)rows);
    }
}

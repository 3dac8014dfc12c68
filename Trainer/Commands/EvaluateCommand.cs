using System.Globalization;
using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Trainer.Engines;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Export;
using Latent.Trainer.Runs;
using Spectre.Console;
using TorchSharp;

namespace Latent.Trainer.Commands;

/// <summary>Estimates the likelihood of a variational bundle's held-out rows and adds the metrics to its manifest.</summary>
internal static class EvaluateCommand
{
    public static int Run(string bundle, string? dataPath, int samples, int? count, int? threads, bool graphs, IAnsiConsole console)
    {
        var writer = console.Profile.Out.Writer;
        if (threads is { } number)
            torch.set_num_threads(number);
        using var trained = TrainedBundle.Open(bundle, dataPath, writer.WriteLine);
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

        if (trained.Manifest.Recipe.Objective.Reconstruction != ReconstructionKind.Bernoulli)
            writer.WriteLine("The squared error is -ln p(x|z) of a normal density of variance 1/2, up to the constant ln(pi)/2 per value.");
        if (trained.Manifest.Recipe.About.Published is { } published)
        {
            writer.WriteLine(
                Printable.Of(string.Create(CultureInfo.InvariantCulture, $"Published: {published.Nll:0.00} ({published.Source})."))
            );
        }

        if (writes)
        {
            var metrics = new SortedDictionary<string, double>(trained.Manifest.Metrics.ToDictionary(), StringComparer.Ordinal);
            foreach (var (name, value) in figures.Named(samples))
                metrics[name] = value;
            BundleRewrite.Metrics(bundle, trained.Manifest, metrics);
        }

        return ExitCodes.Done;

        void Show(int done, int rows) => progress.Show(done, done / (double)rows);
    }
}

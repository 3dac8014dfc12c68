using System.Diagnostics;
using System.Globalization;
using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Trainer.Engines;
using Latent.Trainer.Export;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Runs;
using Spectre.Console;
using TorchSharp;

namespace Latent.Trainer.Commands;

/// <summary>Estimates the likelihood of a variational bundle's held-out rows, and writes the figures into its manifest.</summary>
internal static class EvaluateCommand
{
    public static int Run(string bundle, string? dataPath, int samples, int? count, int? threads, bool graphs, IAnsiConsole console)
    {
        var writer = console.Profile.Out.Writer;
        if (threads is { } number)
            torch.set_num_threads(number);
        using var trained = TrainedBundle.Open(bundle, dataPath, writer.WriteLine);
        var writes = !graphs && count is null && trained.HasItsData && trained.Data.HasHeldOut;
        // A bundle that can't be written is refused before the work, not after.
        if (writes)
            BundleRewrite.Metrics(bundle, trained.Manifest, trained.Manifest.Metrics);
        var clock = Stopwatch.StartNew();
        var said = TimeSpan.Zero;
        var figures = graphs
            ? TestLikelihood.OfGraphs(trained.Session, trained.Folder, trained.Data.HeldOut, samples, count, Progress)
            : TestLikelihood.Of(trained.Session, trained.Data.HeldOut, samples, count, Progress);
        var table = new Table().RoundedBorder().AddColumn("").AddColumn(new TableColumn("nats a row").RightAligned());
        table.AddRow("NLL", string.Create(CultureInfo.InvariantCulture, $"{figures.Nll:0.00} ± {figures.StandardError:0.00}"));
        table.AddRow("ELBO", figures.Elbo.ToString("0.00", CultureInfo.InvariantCulture));
        table.AddRow("reconstruction", figures.Reconstruction.ToString("0.00", CultureInfo.InvariantCulture));
        table.AddRow("KL", figures.Kl.ToString("0.00", CultureInfo.InvariantCulture));
        table.AddRow("active units", $"{figures.ActiveUnits} of {trained.Manifest.LatentDimension}");
        console.Write(table);
        writer.WriteLine($"{samples} importance samples a row, through {(graphs ? "ONNX Runtime" : Engine.Name)}.");
        if (!trained.Data.HasHeldOut)
            writer.WriteLine("There are neither test nor validation rows: these figures are those of the training rows, and stay out of the manifest.");
        if (trained.Manifest.Recipe.Objective.Reconstruction != ReconstructionKind.Bernoulli)
            writer.WriteLine("The squared error stands for -ln p(x|z) up to a constant, which a normal density of variance 1/2 has as ln(pi)/2 a value.");
        if (trained.Manifest.Recipe.About.Published is { } published)
            writer.WriteLine(Printable.Of(string.Create(CultureInfo.InvariantCulture, $"Published: {published.Nll:0.00} ({published.Source}).")));
        if (writes)
        {
            var metrics = new SortedDictionary<string, double>(trained.Manifest.Metrics.ToDictionary(), StringComparer.Ordinal);
            foreach (var (name, value) in figures.Named(samples))
                metrics[name] = value;
            BundleRewrite.Metrics(bundle, trained.Manifest, metrics);
        }

        return ExitCodes.Done;

        void Progress(int done, int rows)
        {
            if (clock.Elapsed - said < TimeSpan.FromSeconds(10) && done < rows)
                return;
            said = clock.Elapsed;
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{done} of {rows} rows, {clock.Elapsed.TotalSeconds * (rows - done) / done:0} s left"));
        }
    }
}

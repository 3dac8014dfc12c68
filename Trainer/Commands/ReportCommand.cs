using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Export;
using Latent.Trainer.Report;
using Latent.Trainer.Runs;
using Spectre.Console;

namespace Latent.Trainer.Commands;

/// <summary>Writes the report of an existing bundle again and recomputes the metrics of its held-out rows.</summary>
internal static class ReportCommand
{
    public static int Run(string bundle, string? dataPath, IAnsiConsole console)
    {
        using var trained = TrainedBundle.Open(bundle, dataPath, console.Profile.Out.Writer.WriteLine);
        var metrics = new SortedDictionary<string, double>(trained.Manifest.Metrics.ToDictionary(), StringComparer.Ordinal);
        if (trained.HasItsData)
        {
            foreach (var (name, value) in HeldOutMetrics.Of(trained.Session.Model, trained.Data))
                metrics[name] = value;
        }

        var manifest = trained.Manifest with { Metrics = metrics };
        BundleRewrite.Files(
            bundle,
            trained.Manifest,
            manifest,
            [BundleRole.Report, BundleRole.Picture],
            folder => ReportWriter.Write(folder, manifest, ReportRows.Of(trained.Session.Model, trained.Data, trained.Weights))
        );
        console.Profile.Out.Writer.WriteLine(Printable.Of($"Report: {Path.Combine(bundle, BundleFile.NameOf(BundleRole.Report))}"));
        return ExitCodes.Done;
    }
}

using Latent.CommandLine;
using Latent.Contracts;
using Latent.Trainer.Export;
using Latent.Trainer.Evaluation;
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
        BundleRewrite.Files(bundle, trained.Manifest, manifest, ["report", "picture"], folder =>
            ReportWriter.Write(folder, manifest, ReportRows.Of(trained.Session.Model, trained.Data, trained.Weights)));
        console.Profile.Out.Writer.WriteLine(Printable.Of($"Report: {Path.Combine(bundle, "report.html")}"));
        return ExitCodes.Done;
    }
}

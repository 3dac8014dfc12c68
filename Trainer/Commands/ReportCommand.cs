using Latent.Trainer.Export;
using Latent.Trainer.Report;
using Latent.Trainer.Training;
using Spectre.Console;

namespace Latent.Trainer.Commands;

/// <summary>Draws the report of an existing bundle again.</summary>
internal static class ReportCommand
{
    public static int Run(string bundle, string? dataPath, IAnsiConsole console)
    {
        using var trained = TrainedBundle.Open(bundle, dataPath, console.Profile.Out.Writer.WriteLine);
        BundleRewrite.Do(bundle, trained.Manifest, ["report", "picture"], folder =>
            ReportWriter.Write(folder, trained.Manifest, ReportRows.Of(trained.Session.Model, trained.Data, trained.Weights)));
        console.Profile.Out.Writer.WriteLine($"Report: {Path.Combine(bundle, "report.html")}");
        return ExitCodes.Done;
    }
}

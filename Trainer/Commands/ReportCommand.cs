using Latent.Contracts.Bundles;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Data;
using Latent.Trainer.Report;
using Latent.Trainer.Training;
using Spectre.Console;
using TorchSharp;

namespace Latent.Trainer.Commands;

/// <summary>Draws the report of an existing bundle again.</summary>
internal static class ReportCommand
{
    public static int Run(string bundle, string? dataPath, IAnsiConsole console)
    {
        var manifest = BundleFolder.Open(bundle).Manifest;
        var recipe = manifest.Recipe with { Data = manifest.Recipe.Data with { Path = dataPath ?? manifest.Recipe.Data.Path } };
        var data = DataLoader.Load(recipe);
        if (data.Fingerprint != manifest.DataFingerprint)
            console.Profile.Out.Writer.WriteLine("The data are not those that the bundle was trained on: what the report calls held out may have been learned from.");
        using var session = new TrainingSession(recipe, data.Train, torch.CPU);
        var checkpoint = Path.Combine(bundle, "checkpoint.safetensors");
        var weights = SafeTensorsFile.Read(checkpoint);
        session.LoadWeights(weights, checkpoint);
        session.Model.eval();
        using var writer = BundleWriter.Begin(bundle);
        foreach (var file in manifest.Files.Where(f => f.Role is not ("report" or "picture")))
        {
            var copy = Path.Combine(writer.Folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(Path.Combine(bundle, file.Path), copy);
        }

        ReportWriter.Write(writer.Folder, manifest, ReportRows.Of(session.Model, data, weights));
        writer.Complete(manifest);
        console.Profile.Out.Writer.WriteLine($"Report: {Path.Combine(bundle, "report.html")}");
        return ExitCodes.Done;
    }
}

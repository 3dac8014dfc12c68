using System.Globalization;
using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Progress;
using Spectre.Console;

namespace Latent.Trainer.Commands;

/// <summary>Prints the metrics of a finished run, where its files are, and what to do next.</summary>
internal static class RunSummary
{
    public static void Print(IAnsiConsole console, string bundle, BundleManifest manifest)
    {
        var terms = manifest
            .Metrics.Keys.Where(key => key.StartsWith("train.", StringComparison.Ordinal))
            .Select(key => key[6..])
            .OrderBy(term => term == "loss" ? 0 : 1)
            .ThenBy(term => term, StringComparer.Ordinal)
            .ToArray();
        var table = new Table().RoundedBorder().AddColumn("").AddColumns([.. terms.Select(term => new TableColumn(term).RightAligned())]);
        foreach (var part in new[] { "train", "validation", "test" })
        {
            if (manifest.Metrics.ContainsKey($"{part}.loss"))
            {
                table.AddRow([
                    part,
                    .. terms.Select(term => manifest.Metrics.TryGetValue($"{part}.{term}", out var value) ? MetricFormat.Loss(value) : ""),
                ]);
            }
        }

        console.Write(table);
        var metric = (string key) => manifest.Metrics.GetValueOrDefault(key);
        var members = manifest.Recipe.Ensemble == 1 ? "" : $"{manifest.Recipe.Ensemble} members for ";
        Line($"Trained {members}{metric("epochs"):N0} epochs in {metric("seconds"):N1} s.");
        Line($"ONNX Runtime agrees with the model within {metric("export.max_relative_difference"):0.0e0} of its output range.");
        Line($"Bundle: {bundle}");
        if (manifest.Files.FirstOrDefault(file => file.Role == BundleRole.Report) is { } report)
            Line($"Report: {Path.Combine(bundle, report.Path)}");
        else
            Line($"Card:   {Path.Combine(bundle, BundleFile.NameOf(BundleRole.Card))}");
        Line($"Next:   {Invocation.Of(Next(bundle, manifest))}");

        // Paths and commands are not wrapped, so that they can be copied.
        void Line(FormattableString text) =>
            console.Profile.Out.Writer.WriteLine(Printable.Of(text.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Gives the command line of Scorer that suits the bundle: denoise, score, sample or encode.</summary>
    internal static string Next(string bundle, BundleManifest manifest)
    {
        var data = manifest.Recipe.Data;
        var isTable = manifest.Input.Image is null;
        var (command, output) =
            manifest.Recipe.Noise.Kind != NoiseKind.None && manifest.Input.Table is null
                ? ("denoise", isTable ? "denoised.csv" : "denoised")
            : isTable || data.TrainOnLabel is not null ? ("score", "scores.csv")
            : (manifest.Kind == ModelKind.Variational || manifest.Recipe.Sampler is not null) && manifest.Recipe.Ensemble == 1
                ? ("sample", "samples")
            : ("encode", "codes.csv");
        var input = command == "sample" ? "" : $" --input {Input(data)}";
        return $"dotnet run --project Scorer -- {command} --model {Quoted(bundle)}{input} --output {output}";
    }

    // Drawn digits are in no file; of a folder of IDX files Scorer takes one, and t10k-images comes before train-images.
    private static string Input(DataRecipe data) =>
        data switch
        {
            { Path: null } or { Source: DataSourceKind.Digits } => "PATH",
            { Source: DataSourceKind.Idx, Path: var folder } when Directory.Exists(folder) => Quoted(
                Directory.EnumerateFiles(folder, "*-images-idx3-ubyte*").Order(StringComparer.Ordinal).FirstOrDefault() ?? folder
            ),
            { Path: var path } => Quoted(path),
        };

    private static string Quoted(string path) => path.Contains(' ', StringComparison.Ordinal) ? $"\"{path}\"" : path;
}

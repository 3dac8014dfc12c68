using System.Globalization;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Trainer.Progress;
using Spectre.Console;

namespace Latent.Trainer.Commands;

/// <summary>What a person sees when a run is done.</summary>
internal static class RunSummary
{
    public static void Print(IAnsiConsole console, string bundle, BundleManifest manifest)
    {
        var terms = manifest.Metrics.Keys.Where(key => key.StartsWith("train.", StringComparison.Ordinal)).Select(key => key[6..])
            .OrderBy(term => term == "loss" ? 0 : 1).ThenBy(term => term, StringComparer.Ordinal).ToArray();
        var table = new Table().RoundedBorder().AddColumn("").AddColumns([.. terms.Select(term => new TableColumn(term).RightAligned())]);
        foreach (var part in new[] { "train", "validation", "test" })
        {
            if (manifest.Metrics.ContainsKey($"{part}.loss"))
                table.AddRow([part, .. terms.Select(term => manifest.Metrics.TryGetValue($"{part}.{term}", out var value) ? MetricFormat.Loss(value) : "")]);
        }

        console.Write(table);
        var figure = (string key) => manifest.Metrics.GetValueOrDefault(key);
        Line($"Trained {figure("epochs"):N0} epochs in {figure("seconds"):N1} s; ONNX Runtime agrees with the model within {figure("export.max_relative_difference"):0.0e0} of the output's range.");
        Line($"Bundle: {bundle}");
        if (manifest.Files.FirstOrDefault(file => file.Role == "report") is { } report)
            Line($"Report: {Path.Combine(bundle, report.Path)}");
        else
            Line($"Card:   {Path.Combine(bundle, "card.md")}");
        Line($"Next:   {Next(bundle, manifest)}");

        // Plain lines: paths and commands must not be wrapped, so that they can be copied.
        void Line(FormattableString text) => console.Profile.Out.Writer.WriteLine(Printable.Of(text.ToString(CultureInfo.InvariantCulture)));
    }

    private static string Next(string bundle, BundleManifest manifest)
    {
        var scorer = $"dotnet run --project Scorer --";
        return manifest.Recipe.Data.Source switch
        {
            Contracts.Recipes.DataSourceKind.Csv => $"{scorer} encode --model {bundle} --input {manifest.Recipe.Data.Path} --output codes.csv",
            Contracts.Recipes.DataSourceKind.Images => $"{scorer} encode --model {bundle} --input {manifest.Recipe.Data.Path} --output codes.csv",
            _ when manifest.Kind == ModelKind.Variational => $"{scorer} sample --model {bundle} --count 16 --output drawn",
            _ => $"{scorer} inspect --model {bundle}",
        };
    }
}

using System.Globalization;
using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Layers;
using Latent.Contracts.Recipes;
using Latent.Scorer.Reporting;
using Spectre.Console;

namespace Latent.Scorer.Commands;

/// <summary>Shows a bundle's contents and checks its graphs.</summary>
internal static class InspectCommand
{
    public static int Run(string folder, IAnsiConsole console)
    {
        using var bundle = LatentBundle.Load(folder);
        var manifest = bundle.Manifest;
        console.Write(About(manifest));
        if (manifest.Input.Table is { } columns)
            console.Write(ColumnOverview.Of(columns));
        console.Write(Layers(manifest));
        if (manifest.Metrics.Count > 0)
            console.Write(Metrics(manifest));
        console.Write(Checks(bundle));
        return ExitCodes.Done;
    }

    private static Table About(BundleManifest manifest)
    {
        var table = new Table().RoundedBorder().HideHeaders().AddColumn("").AddColumn("");
        var input = manifest.Input;
        Add("name", manifest.Name);
        if (manifest.Description.Length > 0)
            Add("about", manifest.Description);
        Add(
            "kind",
            (
                manifest.Kind switch
                {
                    ModelKind.Variational => "variational autoencoder",
                    ModelKind.Denoiser => string.Create(
                        CultureInfo.InvariantCulture,
                        $"denoiser of {RecipeNames.Of(manifest.Recipe.Noise.Kind)} noise of {manifest.Recipe.Noise.Amount}"
                    ),
                    _ => "autoencoder",
                }
            ) + (manifest.Prior is null ? "" : $", {(manifest.Recipe.Sampler is null ? "prior" : "sampler")} {manifest.Prior}")
        );
        Add(
            "input",
            $"{LayerShapes.Text(input.Shape)} {(input.Unit == InputUnit.Pixel ? "pixels from 0 to 255" : "columns in their own units")}"
        );
        if (input.Image is { } image)
        {
            var others = manifest.Kind == ModelKind.Denoiser ? "larger ones are divided into tiles" : "other sizes are resized";
            Add("images", $"{image.Width} x {image.Height}, {(image.Channels == 1 ? "grayscale" : "RGB")}; {others}");
        }

        if (input.Table is null && input.Columns is { } columns)
            Add("columns", string.Join(", ", columns.Take(12)) + (columns.Count > 12 ? $" and {columns.Count - 12} more" : ""));
        if (input.Classes is { } labels)
            Add("labels", string.Join(", ", labels.Take(12)) + (labels.Count > 12 ? $" and {labels.Count - 12} more" : ""));
        if (manifest.Kind != ModelKind.Denoiser)
            Add("latent code", $"{manifest.LatentDimension}-dimensional");
        if (manifest.Recipe.Ensemble > 1)
            Add("members", $"{manifest.Recipe.Ensemble}, with {manifest.Recipe.Latent.Dimension} dimensions of the code each");
        Add(
            "error",
            $"{RecipeNames.Of(manifest.Reconstruction.Likelihood)}, {RecipeNames.Of(manifest.Reconstruction.Reduction)} over a row"
        );
        Add(
            "trained",
            $"{manifest.Created.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC, seed {manifest.Seed}, {manifest.Engine}"
        );
        if (manifest.Scores is { Rows: >= 99 } scores)
        {
            Add(
                "anomaly score",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"at least {scores.Threshold(0.01):G4} in 1% of {scores.Rows:N0} held-out rows{(scores.IsLabelled ? ", normal by their labels" : "")}"
                )
            );
        }

        if (manifest.StartedFrom is { } start)
            Add("started from", start.ToString());
        if (manifest.Machine is { } machine)
            Add("machine", machine);
        Add(
            "data",
            $"{RecipeNames.Of(manifest.Recipe.Data.Source)}{(manifest.Recipe.Data.Path is { } path ? $" {path}" : "")}, SHA-256 {manifest.DataFingerprint[..Math.Min(16, manifest.DataFingerprint.Length)]}…"
        );
        return table;

        void Add(string key, string value) => table.AddRow($"[bold]{key}[/]", Markup.Escape(Printable.Of(value)));
    }

    private static Table Layers(BundleManifest manifest)
    {
        var table = new Table()
            .RoundedBorder()
            .AddColumn("layer")
            .AddColumn("output shape")
            .AddColumn(new TableColumn("parameters").RightAligned());
        var total = 0d;
        foreach (var layer in LayerSummary.Of(manifest.Recipe, manifest.Input))
        {
            table.AddRow(
                Markup.Escape(layer.Name),
                Markup.Escape(LayerShapes.Text(layer.OutputShape)),
                ProgressText.Number(layer.Parameters)
            );
            total += layer.Parameters;
        }

        return table.AddRow("[bold]total[/]", "", $"[bold]{ProgressText.Number(total)}[/]");
    }

    private static Table Metrics(BundleManifest manifest)
    {
        var table = new Table().RoundedBorder().AddColumn("metric").AddColumn(new TableColumn("value").RightAligned());
        foreach (var (name, value) in manifest.Metrics)
            table.AddRow(Markup.Escape(Printable.Of(name)), value.ToString("G6", CultureInfo.InvariantCulture));
        return table;
    }

    private static Table Checks(LatentBundle bundle)
    {
        var table = new Table().RoundedBorder().AddColumn("check").AddColumn("result");
        var bytes = bundle.Manifest.Files.Sum(f => f.Bytes);
        table.AddRow("files", $"{bundle.Manifest.Files.Count} files, {ProgressText.Number(bytes)} bytes, match the manifest");
        if (bundle.Manifest.Kind == ModelKind.Denoiser)
        {
            using var denoiser = new GraphRunner(bundle, BundleRole.Autoencoder, 1, TensorNames.Output);
            Fill(denoiser.InputRow(0), bundle.Manifest.Input);
            denoiser.Run(1);
            table.AddRow("graph", "the denoiser runs");
            return table;
        }

        using var encoder = new GraphRunner(bundle, BundleRole.Encoder, 1, TensorNames.LatentMean);
        using var decoder = new GraphRunner(bundle, BundleRole.Decoder, 1, TensorNames.Output);
        using var whole = new GraphRunner(bundle, BundleRole.Autoencoder, 1, TensorNames.Output);
        Fill(encoder.InputRow(0), bundle.Manifest.Input);
        if (bundle.Manifest.Input.Classes is not null)
            encoder.InputRow(0)[^1] = decoder.InputRow(0)[^1] = 0;
        encoder.InputRow(0).CopyTo(whole.InputRow(0));
        encoder.Run(1);
        encoder.Output(0, 0).CopyTo(decoder.InputRow(0));
        decoder.Run(1);
        whole.Run(1);
        var (difference, largest) = (0.0, 0.0);
        for (var i = 0; i < bundle.InputLength; i++)
        {
            difference = Math.Max(difference, Math.Abs(decoder.Output(0, 0)[i] - whole.Output(0, 0)[i]));
            largest = Math.Max(largest, Math.Abs(whole.Output(0, 0)[i]));
        }

        var relative = (difference / Math.Max(largest, 1e-30)).ToString("G2", CultureInfo.InvariantCulture);
        table.AddRow("graphs", $"encoder and decoder agree with the autoencoder within {relative} of the largest output");
        return relative.Length > 0 && difference <= 1e-4 * Math.Max(largest, 1)
            ? table
            : throw new LatentException(
                $"The graphs of {bundle.Name} disagree: encoder and decoder differ from the autoencoder by {relative} of the largest output."
            );
    }

    // A row that could be: a pixel, a level, a number or a date of the training rows.
    private static void Fill(Span<float> row, InputDescription input)
    {
        var random = new Random(1);
        for (var i = 0; i < row.Length; i++)
        {
            var column = input.Table?.Columns[i];
            var (min, max) = (
                (float)(column?.Min ?? (input.Unit == InputUnit.Pixel ? 0 : -1)),
                (float)(column?.Max ?? (input.Unit == InputUnit.Pixel ? 255 : 1))
            );
            row[i] = column?.Levels is { } levels ? random.Next(levels.Count) : min + ((max - min) * random.NextSingle());
        }
    }
}

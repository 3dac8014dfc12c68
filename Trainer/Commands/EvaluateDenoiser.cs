using System.Globalization;
using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Data.Files;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Runs;
using Spectre.Console;

namespace Latent.Trainer.Commands;

/// <summary>
/// Measures a denoiser at its recipe's noise: on the test images of its own data beside a median and a PCA, or on the pictures of another
/// folder, each in its own size, beside a median.
/// </summary>
internal static class EvaluateDenoiser
{
    // Of many pictures only the first are listed.
    private const int Listed = 100;

    /// <summary>Measures, and prints a table.</summary>
    /// <param name="settings">What was asked for.</param>
    /// <param name="manifest">The manifest of the bundle.</param>
    /// <param name="console">Gets the table.</param>
    /// <returns>Figures for the manifest.</returns>
    /// <exception cref="LatentException">The data can't be read, or an option is for other bundles.</exception>
    public static IReadOnlyList<(string Name, double Value)> Run(EvaluateSettings settings, BundleManifest manifest, IAnsiConsole console)
    {
        if (settings.Samples is not null || settings.Count is not null || settings.Graphs || settings.CodeRows is not null)
        {
            throw new LatentException(
                $"{manifest.Name} is a denoiser, which has neither likelihood nor codes; --samples, --count, --graphs and --code-rows are for autoencoders."
            );
        }

        return settings.Data is { } path && Directory.Exists(path) && !IsOwn(path, manifest.Recipe.Data)
            ? Pictures(settings.Bundle, path, console)
            : Test(settings, console);
    }

    private static bool IsOwn(string path, DataRecipe data) =>
        data.Source == DataSourceKind.Idx
        || (data is { Source: DataSourceKind.Images, Path: { } own } && RealPath.AreSame(RealPath.Of(path), RealPath.Of(own)));

    private static List<(string Name, double Value)> Test(EvaluateSettings settings, IAnsiConsole console)
    {
        var writer = console.Profile.Out.Writer;
        using var trained = TrainedBundle.Open(settings.Bundle, settings.Data, writer.WriteLine);
        if (trained.Data.Test is not { } test)
        {
            writer.WriteLine("There are no test rows to measure: data.test is 0.");
            return [];
        }

        List<(string Name, double Value)> metrics = [.. HeldOutMetrics.Of(trained.Session.Model, trained.Data)];
        var table = Headed();
        table.AddRow([
            string.Create(CultureInfo.InvariantCulture, $"{test.Count:N0} test images"),
            .. ((string[])["noisy", "denoised", "median", "pca"]).Select(what =>
                metrics.FirstOrDefault(m => m.Name == $"test.{what}.psnr") is { Name: not null } found ? Decibels(found.Value) : ""
            ),
        ]);
        console.Write(table);
        return trained.HasItsData ? metrics : [];
    }

    private static List<(string Name, double Value)> Pictures(string bundle, string folder, IAnsiConsole console)
    {
        var writer = console.Profile.Out.Writer;
        var progress = new ProgressLine("evaluate", quiet: false);
        var all = new List<PictureQuality>();
        foreach (var picture in PictureQuality.Of(bundle, folder, Skip))
        {
            all.Add(picture);
            progress.Show(all.Count, null);
        }

        progress.End();
        // Noise that changed no pixel, as of a tiny picture, leaves nothing to measure.
        all.RemoveAll(p => !(double.IsFinite(p.Noisy) && double.IsFinite(p.Denoised) && double.IsFinite(p.Median)));
        if (all.Count == 0)
            throw new LatentException($"{folder} has no picture that could be read and has noise to measure.");
        var table = Headed();
        foreach (var picture in all.Take(Listed))
            Row($"{picture.File}, {picture.Image.Width} x {picture.Image.Height}", picture.Noisy, picture.Denoised, picture.Median);
        var (noisy, denoised, median) = (all.Average(p => p.Noisy), all.Average(p => p.Denoised), all.Average(p => p.Median));
        Row(string.Create(CultureInfo.InvariantCulture, $"mean of {all.Count:N0} pictures"), noisy, denoised, median);
        console.Write(table);
        return
        [
            ("evaluate.images", all.Count),
            ("evaluate.noisy.psnr", noisy),
            ("evaluate.denoised.psnr", denoised),
            ("evaluate.median.psnr", median),
        ];

        void Skip(string file, string reason) => writer.WriteLine(Printable.Of($"Skipped {file}: {reason}"));

        void Row(string what, double before, double after, double ofMedian) =>
            table.AddRow(Markup.Escape(Printable.Of(what)), Decibels(before), Decibels(after), Decibels(ofMedian), "");
    }

    private static Table Headed()
    {
        var table = new Table().RoundedBorder().AddColumn("PSNR in dB");
        foreach (var header in new[] { "noisy", "denoised", "median", "PCA" })
            table.AddColumn(new TableColumn(header).RightAligned());
        return table;
    }

    private static string Decibels(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}

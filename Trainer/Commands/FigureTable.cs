using System.Globalization;
using System.Text;
using Latent.Contracts.Bundles;

namespace Latent.Trainer.Commands;

/// <summary>Bundles' figures as a Markdown table: a line a bundle, a column for each figure that one of them has.</summary>
internal static class FigureTable
{
    private static readonly (string Title, Func<BundleManifest, string?> Value)[] s_columns =
    [
        ("bundle", m => m.Name),
        ("engine", m => m.Engine),
        ("seed", m => m.Seed.ToString(CultureInfo.InvariantCulture)),
        ("epochs", m => Figure(m, "epochs", "0")),
        ("minutes", m => m.Metrics.TryGetValue("seconds", out var seconds) ? (seconds / 60).ToString("0.0", CultureInfo.InvariantCulture) : null),
        ("train loss", m => Loss(m, "train.loss")),
        ("test loss", m => Loss(m, "test.loss")),
        ("reconstruction", m => m.Kind == ModelKind.Variational ? Loss(m, "test.reconstruction") : null),
        ("KL", m => Loss(m, "test.kl")),
        ("test MSE", m => Figure(m, "test.mse", "0.00000")),
        ("MSE of PCA", m => Figure(m, "test.pca_mse", "0.00000")),
        ("PSNR noisy, denoised", m => Pair(m, "psnr", "0.0 dB")),
        ("SSIM noisy, denoised", m => Pair(m, "ssim", "0.000")),
        ("NLL", m => m.Metrics.TryGetValue("evaluate.nll_standard_error", out var error) ? $"{Figure(m, "evaluate.nll", "0.00")} ± {error.ToString("0.00", CultureInfo.InvariantCulture)}" : null),
        ("active units", m => Figure(m, "evaluate.active_units", "0")),
        ("graphs differ by", m => Figure(m, "export.max_relative_difference", "0.0e0")),
    ];

    public static string Of(IReadOnlyList<BundleManifest> manifests)
    {
        var rows = manifests.Select(m => s_columns.Select(c => c.Value(m)).ToList()).ToList();
        var used = Enumerable.Range(0, s_columns.Length).Where(c => rows.Any(r => r[c] is not null)).ToList();
        var text = new StringBuilder();
        text.Append($"| {string.Join(" | ", used.Select(c => s_columns[c].Title))} |\n");
        text.Append($"|{string.Concat(used.Select(c => c < 2 ? "---|" : "---:|"))}\n");
        foreach (var row in rows)
            text.Append($"| {string.Join(" | ", used.Select(c => row[c] ?? ""))} |\n");
        return text.ToString();
    }

    private static string? Figure(BundleManifest manifest, string name, string format) =>
        manifest.Metrics.TryGetValue(name, out var value) ? value.ToString(format, CultureInfo.InvariantCulture) : null;

    // Losses are nats or squared errors: five figures either way.
    private static string? Loss(BundleManifest manifest, string name) =>
        manifest.Metrics.TryGetValue(name, out var value) ? value.ToString("G5", CultureInfo.InvariantCulture) : null;

    private static string? Pair(BundleManifest manifest, string what, string format) =>
        Figure(manifest, $"test.noisy.{what}", format) is { } noisy ? $"{noisy}, {Figure(manifest, $"test.denoised.{what}", format)}" : null;
}

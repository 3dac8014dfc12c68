using System.Globalization;
using System.Text;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Training;

namespace Latent.Trainer.Commands;

/// <summary>
/// Formats the metrics of bundles as a Markdown table: one row per bundle, one column per metric that any of them has. Where a recipe has
/// a published result, the table compares with it.
/// </summary>
internal static class MetricTable
{
    private static readonly Column s_seed = new("seed", m => m.Seed.ToString(CultureInfo.InvariantCulture));
    private static readonly Column s_start = new(
        "starts from",
        m => m.StartedFrom is { } start ? FormattableString.Invariant($"{start.Name}, {start.Epochs:N0} epochs") : null,
        Text: true
    );
    private static readonly Column s_minutes = new(
        "minutes",
        m => m.Metrics.TryGetValue("seconds", out var seconds) ? Number(seconds / 60, "0.0") : null
    );
    private static readonly Column s_units = new("active units", m => Figure(m, "evaluate.active_units", "0"));

    private static readonly Column[] s_codes =
    [
        new("I(x; z), nats", m => Figure(m, CodeMetrics.Information, "0.00")),
        new("KL(q(z), p(z))", m => Figure(m, CodeMetrics.MarginalKl, "0.00")),
        new($"labels, {CodeClassifiers.Neighbours} nearest codes", m => Figure(m, CodeMetrics.Nearest, "0.0 %")),
        new("labels of drawn rows", m => Figure(m, DrawnLabels.Accuracy, "0.0 %")),
        new("labels, linear in codes", m => Figure(m, CodeMetrics.Linear, "0.0 %")),
    ];

    private static readonly Column[] s_columns =
    [
        new("bundle", m => m.Name, Text: true),
        new("engine", m => m.Engine, Text: true),
        s_seed,
        s_start,
        new("epochs", m => Figure(m, "epochs", "0")),
        s_minutes,
        new("train loss", m => Loss(m, "train.loss")),
        new("test loss", m => Loss(m, "test.loss")),
        new("reconstruction", m => m.Kind == ModelKind.Variational ? Loss(m, "test.reconstruction") : null),
        new("KL", m => Loss(m, "test.kl")),
        new("test MSE", m => Figure(m, "test.mse", "0.00000")),
        new("MSE of PCA", m => Figure(m, "test.pca_mse", "0.00000")),
        new("perplexity", m => Figure(m, "test.perplexity", "0.0")),
        new("PSNR noisy, denoised", m => Pair(m, "psnr", "0.0 dB")),
        new("PSNR of median, PCA", m => Two(m, "test.median.psnr", "test.pca.psnr", "0.0 dB")),
        new("SSIM noisy, denoised", m => Pair(m, "ssim", "0.000")),
        new("NLL", Likelihood),
        s_units,
        .. s_codes,
        new("graphs differ by", m => Figure(m, "export.max_relative_difference", "0.0e0")),
    ];

    private static readonly Column[] s_againstPublished =
    [
        new("model", m => m.Name, Text: true),
        new("published", m => m.Recipe.About.Published is { } published ? Number(published.Nll, "0.00") : null),
        new("others", m => m.Recipe.About.Others),
        new("obtained", Likelihood),
        new("samples", m => Figure(m, "evaluate.samples", "N0")),
        s_start,
        new("epochs", EpochsOfSchedule, Text: true),
        new("batch, rate", m => FormattableString.Invariant($"{m.Recipe.Training.BatchSize}, {m.Recipe.Optimizer.LearningRate}")),
        new(
            "gradient from",
            m => m.Recipe.Objective is { GradientSamples: > 0 and var few, Samples: var all } ? $"{few} of {all} samples" : null,
            Text: true
        ),
        s_minutes,
        new("machine", m => m.Machine, Text: true),
        new("engine", m => m.Engine, Text: true),
        s_seed,
        s_units,
        .. s_codes,
    ];

    public static string Of(IReadOnlyList<BundleManifest> manifests)
    {
        var columns = manifests.Any(m => m.Recipe.About is { Published: not null } or { Others: not null })
            ? s_againstPublished
            : s_columns;
        columns = [.. columns.Where(column => manifests.Any(m => column.Value(m) is not null))];
        var text = new StringBuilder();
        text.Append($"| {string.Join(" | ", columns.Select(column => column.Title))} |\n");
        text.Append($"|{string.Concat(columns.Select(column => column.Text ? "---|" : "---:|"))}\n");
        foreach (var manifest in manifests)
            text.Append($"| {string.Join(" | ", columns.Select(column => column.Value(manifest) ?? ""))} |\n");
        return text.ToString();
    }

    private static string? Figure(BundleManifest manifest, string name, string format) =>
        manifest.Metrics.TryGetValue(name, out var value) ? Number(value, format) : null;

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);

    // Losses are nats or squared errors: five significant digits suit both.
    private static string? Loss(BundleManifest manifest, string name) => Figure(manifest, name, "G5");

    private static string? Pair(BundleManifest manifest, string what, string format) =>
        Two(manifest, $"test.noisy.{what}", $"test.denoised.{what}", format);

    private static string? Two(BundleManifest manifest, string first, string second, string format) =>
        Figure(manifest, first, format) is { } value ? $"{value}, {Figure(manifest, second, format)}" : null;

    private static string? Likelihood(BundleManifest manifest) =>
        Figure(manifest, "evaluate.nll_standard_error", "0.00") is { } error
            ? $"{Figure(manifest, "evaluate.nll", "0.00")} ± {error}"
            : null;

    // A run of less than the whole schedule is marked as such.
    private static string? EpochsOfSchedule(BundleManifest manifest)
    {
        if (Figure(manifest, "epochs", "N0") is not { } run)
            return null;
        var schedule = manifest.Recipe.Schedule;
        if (schedule.Kind != ScheduleKind.BurdaStages)
            return $"{run} (schedule.kind {RecipeNames.Of(schedule.Kind)})";
        var whole = Number(new LearningRateSchedule(manifest.Recipe with { Schedule = schedule with { Scale = 1 } }).Epochs, "N0");
        if (schedule.Scale != 1)
            return FormattableString.Invariant($"{run} of {whole} (schedule.scale {schedule.Scale})");
        return run == whole ? whole : $"{run} of {whole}";
    }

    private sealed record Column(string Title, Func<BundleManifest, string?> Value, bool Text = false);
}

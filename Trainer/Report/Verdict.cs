using System.Globalization;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Contracts.Training;
using Latent.Trainer.Evaluation;

namespace Latent.Trainer.Report;

/// <summary>
/// What a run's figures say, in sentences: what was learned, how it compares with a baseline, and what to try next. A sentence whose
/// figures are missing is left out. Text between backquotes is code.
/// </summary>
/// <param name="Learned">What was learned.</param>
/// <param name="Baseline">How it compares.</param>
/// <param name="Next">What to try next, with the option.</param>
internal sealed record Verdict(IReadOnlyList<string> Learned, IReadOnlyList<string> Baseline, IReadOnlyList<string> Next)
{
    // An error this near to that of a PCA is the same, for all that one seed can tell.
    private const double Near = 0.05;

    // Columns that are named in a sentence.
    private const int NamedColumns = 5;

    // The last tenth of the epochs that brought more than this share of all that the loss fell by is not the end of it.
    private const double StillFalling = 0.01;

    // A loss that lies further above the training loss, or above its own least value, than this share is overfitted.
    private const double Overfitted = 0.2;
    private const double NoGap = 0.1;
    private const double Risen = 0.02;

    private static readonly (string Key, string What)[] s_denoisers =
    [
        ("median", "The median of the nine pixels around each"),
        ("pca", "A PCA of the training images, whose coordinates are shrunk by their share of noise,"),
    ];

    /// <summary>Judges a run.</summary>
    /// <param name="manifest">Metrics and recipe.</param>
    /// <param name="epochs">Every epoch.</param>
    /// <param name="evidence">Figures of the report's rows.</param>
    public static Verdict Of(BundleManifest manifest, IReadOnlyList<EpochRecord> epochs, Evidence evidence)
    {
        var (learned, baseline, next) = (new List<string>(), new List<string>(), new List<string>());
        var unfinished = Unfinished(manifest, epochs, next);
        Fit(manifest, evidence, learned);
        Kept(manifest, evidence, learned);
        Code(manifest, evidence, learned, next);
        CodesTell(manifest.Metrics, learned);
        DrawnTell(manifest.Metrics, learned);
        Denoising(manifest, evidence, learned, baseline, next);
        Against(manifest, evidence, baseline, next);
        Ranked(manifest, evidence, learned, baseline);
        Generalization(manifest, epochs, learned, next);
        learned.AddRange(unfinished);
        if (next.Count == 0)
            next.Add($"Train with another seed to see how much of these figures is chance: `--seed {manifest.Seed + 1}`.");
        return new(learned, baseline, next);
    }

    private static void Fit(BundleManifest manifest, Evidence evidence, List<string> learned)
    {
        var (metrics, recipe) = (manifest.Metrics, manifest.Recipe);
        if (Part(metrics) is not { } part || !metrics.TryGetValue($"{part}.reconstruction", out var error))
            return;
        var unit = MetricNames.ErrorUnit(recipe);
        if (manifest.Kind == ModelKind.Variational && metrics.TryGetValue($"{part}.kl", out var kl))
        {
            learned.Add(
                recipe.Objective.IsInNats() && recipe.Objective.Reduction == ReductionKind.Sum
                    ? $"The ELBO of the {Rows(part, recipe)} is {Say(-error - kl)} nats per row: {Say(error)} nats of reconstruction error"
                        + $" and {Say(kl)} nats of KL."
                    : $"The reconstruction error of the {Rows(part, recipe)} is {Say(error)} ({unit}), the KL {Say(kl)} nats per row."
            );
            if (metrics.TryGetValue($"{part}.bound", out var bound) && recipe.Objective.Samples > 1)
                learned.Add($"With {recipe.Objective.Samples} samples a row the bound on the log-likelihood is {Say(bound)}.");
        }
        else
        {
            learned.Add($"The reconstruction error of the {Rows(part, recipe)} is {Say(error)} ({unit}).");
        }

        if (metrics.TryGetValue("evaluate.nll", out var nll))
        {
            var give = metrics.TryGetValue("evaluate.nll_standard_error", out var standard) ? $" ± {Say(standard)}" : "";
            learned.Add($"The negative log-likelihood, estimated by importance sampling, is {Say(nll)}{give} nats per row.");
        }
    }

    private static void Kept(BundleManifest manifest, Evidence evidence, List<string> learned)
    {
        var labelled = evidence.Label is { } label ? $" labelled {label}" : "";
        var rows = $"{evidence.Rows} {Kind(evidence)} rows{labelled}";
        if (evidence.Columns is var (better, worse) && better.Count + worse.Count is > 0 and var all)
        {
            learned.Add(
                $"Reconstructions come nearer than a column's mean, or its most frequent word, in {better.Count} of {all} columns over {rows}."
            );
        }

        if (evidence.Explained is not > 0 || manifest.Kind == ModelKind.Denoiser)
            return;
        var each = manifest.Input.Image is null ? "of a column's variance, on average over the columns," : "of the variance of the pixels";
        learned.Add($"Reconstructions keep {Percent(evidence.Explained.Value)} {each} over {rows}.");
    }

    private static void Code(BundleManifest manifest, Evidence evidence, List<string> learned, List<string> next)
    {
        var (all, active) = (manifest.LatentDimension, evidence.Active);
        var objective = manifest.Recipe.Objective;
        if (manifest.Kind != ModelKind.Variational)
        {
            if (active < all)
                learned.Add($"Only {active} of {all} dimensions of the code vary over the rows: the others carry nothing.");
            return;
        }

        if (2 * active >= all)
        {
            learned.Add($"{active} of {all} latent dimensions are active.");
            if (active == all)
                next.Add($"Every latent dimension is in use, so that a longer code may keep more: `--set latent.dimension={2 * all}`.");
            return;
        }

        learned.Add(
            active == 0
                ? $"The posterior has collapsed: none of the {all} latent dimensions is active, and codes say nothing of their rows."
                : $"Most of the posterior has collapsed onto the prior: only {active} of {all} latent dimensions"
                    + $" {(active == 1 ? "is" : "are")} active."
        );
        if (objective.WarmUpEpochs == 0)
        {
            var epochs = Math.Max(1, manifest.Recipe.Training.Epochs / 5);
            next.Add($"Let the weight of the KL grow from 0, so that fewer dimensions collapse: `--set objective.warmUpEpochs={epochs}`.");
        }
        else if (objective.FreeBits == 0)
        {
            next.Add("Give each dimension some KL for free, so that fewer collapse: `--set objective.freeBits=0.1`.");
        }
        else if (active > 0)
        {
            next.Add($"A code of the active dimensions may do as well: `--set latent.dimension={active}`.");
        }
    }

    private static void CodesTell(IReadOnlyDictionary<string, double> metrics, List<string> learned)
    {
        if (!metrics.TryGetValue(CodeMetrics.Rows, out var rows))
            return;
        var heldOut = rows.ToString("N0", CultureInfo.InvariantCulture) + " held-out rows";
        if (metrics.TryGetValue(CodeMetrics.Information, out var information))
        {
            learned.Add(
                $"The mutual information of rows and codes is {Say(information)} nats, of the {Say(Math.Log(rows))} that {heldOut} can show."
            );
        }

        if (metrics.TryGetValue(CodeMetrics.Nearest, out var nearest) && metrics.TryGetValue(CodeMetrics.Linear, out var linear))
        {
            var chance = metrics.TryGetValue(CodeMetrics.Chance, out var frequent)
                ? $"; the most frequent label is that of {Percent(frequent)}"
                : "";
            learned.Add(
                $"The {CodeClassifiers.Neighbours} nearest codes of training rows tell the labels of {Percent(nearest)} of {heldOut},"
                    + $" a linear model of codes those of {Percent(linear)}{chance}."
            );
        }
    }

    private static void DrawnTell(IReadOnlyDictionary<string, double> metrics, List<string> learned)
    {
        if (metrics.TryGetValue(DrawnLabels.Accuracy, out var drawn) && metrics.TryGetValue(DrawnLabels.OfRows, out var rows))
        {
            learned.Add(
                $"Of rows drawn with each label in turn, {Percent(drawn)} have that label by the {CodeClassifiers.Neighbours} nearest training rows, by which {Percent(rows)} of the held-out rows have theirs."
            );
        }
    }

    private static void Denoising(
        BundleManifest manifest,
        Evidence evidence,
        List<string> learned,
        List<string> baseline,
        List<string> next
    )
    {
        if (
            !manifest.Metrics.TryGetValue("test.noisy.psnr", out var noisy)
            || !manifest.Metrics.TryGetValue("test.denoised.psnr", out var denoised)
        )
        {
            return;
        }

        var gain = denoised - noisy;
        learned.Add($"Denoised test images have a PSNR of {Say(denoised)} dB.");
        var effect = gain > 0 ? $"gains {Say(gain)} dB" : $"loses {Say(-gain)} dB, since reconstructions miss more than the noise adds";
        baseline.Add($"The noisy images themselves have a PSNR of {Say(noisy)} dB: denoising {effect}.");
        foreach (var (key, what) in s_denoisers)
        {
            if (!manifest.Metrics.TryGetValue($"test.{key}.psnr", out var psnr))
                continue;
            var difference = $"{Say(Math.Abs(denoised - psnr))} dB {(denoised > psnr ? "less" : "more")}";
            baseline.Add($"{what} has a PSNR of {Say(psnr)} dB, {difference}.");
        }

        if (gain <= 0 && manifest.Kind != ModelKind.Denoiser && evidence.Active == manifest.LatentDimension)
            next.Add($"A longer code keeps more of the image: `--set latent.dimension={2 * manifest.Recipe.Latent.Dimension}`.");
    }

    private static void Against(BundleManifest manifest, Evidence evidence, List<string> baseline, List<string> next)
    {
        var metrics = manifest.Metrics;
        if (metrics.TryGetValue("test.mse", out var mse) && metrics.TryGetValue("test.pca_mse", out var pca) && pca > 0)
        {
            var of = $"a PCA with as many components ({Say(pca)} squared error per test value)";
            var ratio = mse / pca;
            baseline.Add(
                ratio < 1 - Near ? $"The error of {Say(mse)} is {Percent(1 - ratio)} below that of {of}."
                : ratio <= 1 + Near ? $"The error of {Say(mse)} is about that of {of}: the network does no better than a linear method."
                : $"The error of {Say(mse)} is {Say(ratio)} times that of {of}: the linear method does better."
            );
            if (ratio >= 1 - Near && next.Count == 0)
            {
                var rate = manifest.Recipe.Optimizer.LearningRate;
                next.Add($"A larger learning rate may get below the error of the PCA: `--set optimizer.learningRate={Text(rate * 3)}`.");
            }
        }

        if (evidence.Columns is var (_, worse) && worse.Count > 0)
        {
            var names = string.Join(", ", worse.Take(NamedColumns)) + (worse.Count > NamedColumns ? ", …" : "");
            baseline.Add($"A column's mean, or its most frequent word, in place of each cell would do as well in {worse.Count}: {names}.");
        }

        if (evidence.CrossEntropy is var (model, mean))
        {
            baseline.Add(
                $"Reconstructions from the mean code have a cross-entropy of {Say(model)} nats per row over {evidence.Rows}"
                    + $" {Kind(evidence)} rows; the mean of all rows in place of each has {Say(mean)}."
            );
        }
        else if (manifest.Kind != ModelKind.Denoiser && !metrics.ContainsKey("test.pca_mse") && evidence.Explained is { } explained)
        {
            baseline.Add(
                explained > 0
                    ? "The mean of all rows in place of each would keep none of the variance."
                    : "The mean of all rows in place of each would have no larger an error: nothing of single rows was learned."
            );
        }

        if (manifest.Recipe.About.Published is { } published && metrics.TryGetValue("evaluate.nll", out var nll))
            baseline.Add($"Published: {Say(published.Nll)} nats per row ({published.Source}); obtained: {Say(nll)}.");
    }

    private static void Ranked(BundleManifest manifest, Evidence evidence, List<string> learned, List<string> baseline)
    {
        if (manifest.Input.Image is not null || evidence.Ranking is not { } ranking)
            return;
        var others = ranking.Rows - ranking.Positives;
        var rows = $"{ranking.Positives} rows labelled {ranking.Positive} above the {others} labelled {ranking.Negative}";
        learned.Add(
            $"The score ranks the {rows} with an AUROC of {Say(ranking.Auroc)}"
                + $" and an average precision of {Say(ranking.AveragePrecision)}."
        );
        baseline.Add($"Chance would give an AUROC of 0.5 and an average precision of {Say(ranking.Chance)}.");
    }

    private static void Generalization(BundleManifest manifest, IReadOnlyList<EpochRecord> epochs, List<string> learned, List<string> next)
    {
        var recipe = manifest.Recipe;
        var curve = Curve(epochs, validation: true);
        if (curve.Count > 2)
        {
            var best = curve.MinBy(point => point.Loss);
            var last = curve[^1];
            if (last.Loss - best.Loss > Risen * Math.Abs(best.Loss))
            {
                var share = Percent((last.Loss - best.Loss) / Math.Abs(best.Loss));
                var risen = $"The validation loss was least at epoch {best.Epoch} of {last.Epoch} and has risen by {share} since";
                var kept = $"; the weights of epoch {best.Epoch} were kept.";
                learned.Add(risen + (recipe.Training.KeepBest ? kept : ": the model overfits."));
                if (!recipe.Training.KeepBest)
                    next.Add("Keep the weights of the best epoch: `--set training.keepBest=true`.");
                return;
            }
        }

        // Of a table whose training rows have one label, only the validation rows have that label too.
        var part = manifest.Metrics.ContainsKey("validation.loss") ? "validation" : "test";
        if (
            (part == "test" && recipe.Data.TrainOnLabel is not null)
            || !manifest.Metrics.TryGetValue("train.loss", out var train)
            || train == 0
            || !manifest.Metrics.TryGetValue($"{part}.loss", out var loss)
        )
        {
            return;
        }

        var gap = (loss - train) / Math.Abs(train);
        if (gap > Overfitted)
        {
            learned.Add(
                $"The loss of the {part} rows, {Say(loss)}, is {Percent(gap)} above the {Say(train)} of the training rows:"
                    + " the model fits the training rows better than new ones."
            );
            next.Add(
                recipe.Optimizer.WeightDecay > 0
                    ? $"Hold the weights back more: `--set optimizer.weightDecay={Text(recipe.Optimizer.WeightDecay * 3)}`."
                    : "Hold the weights back: `--set optimizer.weightDecay=0.0001`."
            );
        }
        else
        {
            var ending = gap <= NoGap ? ": no sign of overfitting." : $", {Percent(gap)} above.";
            learned.Add($"The loss is {Say(train)} on training rows and {Say(loss)} on {part} rows{ending}");
        }
    }

    private static string[] Unfinished(BundleManifest manifest, IReadOnlyList<EpochRecord> epochs, List<string> next)
    {
        var validation = epochs.Any(epoch => epoch.Validation is not null);
        var curve = Curve(epochs, validation);
        var recipe = manifest.Recipe;
        // A run that was stopped early had stopped getting better.
        if (curve.Count < 2 || (recipe.Schedule.Kind != ScheduleKind.BurdaStages && curve[^1].Epoch < recipe.Training.Epochs))
            return [];
        var tenth = Math.Max(1, curve.Count / 10);
        var before = curve.Take(curve.Count - tenth).Min(point => point.Loss);
        var min = curve.Min(point => point.Loss);
        var fell = before - min;
        if (fell <= StillFalling * (curve[0].Loss - min))
            return [];
        var during = tenth == 1 ? "the last epoch" : $"the last {tenth} epochs";
        if (recipe.Schedule.Kind != ScheduleKind.BurdaStages)
            next.Add($"Train longer: `--epochs {2 * recipe.Training.Epochs}`.");
        else if (recipe.Schedule.Scale < 1)
            next.Add("Train for the whole schedule: `--set schedule.scale=1`.");
        return [$"The {(validation ? "validation" : "training")} loss still fell by {Say(fell)} in {during}: training was not at its end."];
    }

    private static List<(int Epoch, double Loss)> Curve(IReadOnlyList<EpochRecord> epochs, bool validation) =>
        [
            .. epochs
                .Select(epoch => (epoch.Epoch, Losses: validation ? epoch.Validation : epoch.Train))
                .Select(epoch => (epoch.Epoch, Loss: epoch.Losses?.GetValueOrDefault("loss", double.NaN) ?? double.NaN))
                .Where(point => double.IsFinite(point.Loss)),
        ];

    private static string? Part(IReadOnlyDictionary<string, double> metrics) =>
        new[] { "test", "validation", "train" }.FirstOrDefault(part => metrics.ContainsKey($"{part}.reconstruction"));

    private static string Rows(string part, Recipe recipe) =>
        part switch
        {
            "train" => "training rows (none are held out)",
            "test" when recipe.Data.TrainOnLabel is not null || recipe.Data is { Table: not null, Label: not null } =>
                "test rows of all labels",
            _ => $"{part} rows",
        };

    private static string Kind(Evidence evidence) => evidence.HeldOut ? "held-out" : "training";

    private static string Percent(double share) =>
        (share * 100).ToString(Math.Abs(share) < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture) + " %";

    private static string Text(double value) => value.ToString("G3", CultureInfo.InvariantCulture);

    /// <summary>Three or four digits.</summary>
    internal static string Say(double value) =>
        Math.Abs(value) switch
        {
            0 => "0",
            >= 1e5 or < 1e-4 => value.ToString("0.00e0", CultureInfo.InvariantCulture),
            >= 100 => value.ToString("0.0", CultureInfo.InvariantCulture),
            >= 1 => value.ToString("0.00", CultureInfo.InvariantCulture),
            >= 0.1 => value.ToString("0.000", CultureInfo.InvariantCulture),
            _ => value.ToString("G3", CultureInfo.InvariantCulture),
        };
}

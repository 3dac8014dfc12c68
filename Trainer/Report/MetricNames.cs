using System.Globalization;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Evaluation;

namespace Latent.Trainer.Report;

/// <summary>What a manifest's metrics are called in words, and their units.</summary>
internal static class MetricNames
{
    private const string Auroc = "0.5 is chance";
    private const string Share = "at most 1";

    /// <summary>Unit of the reconstruction term.</summary>
    public static string ErrorUnit(Recipe recipe) =>
        recipe.Objective.Reconstruction == ReconstructionKind.Columns
            ? recipe.Objective.Reduction == ReductionKind.Sum
                ? "sum over columns, 1 from each distribution"
                : "error per column, 1 from its distribution"
            : (recipe.Objective.IsInNats() ? "nats" : "squared error")
                + (recipe.Objective.Reduction == ReductionKind.Sum ? " per row" : " per value");

    /// <summary>Name and unit of a term of the loss; a term of no name is called by its key.</summary>
    public static (string Name, string Unit) Term(string term, Recipe recipe) =>
        term switch
        {
            "loss" => ("loss", LossUnit(recipe)),
            "reconstruction" => ("reconstruction error", ErrorUnit(recipe)),
            "kl" => ("KL", "nats per row"),
            "bound" => ("bound on the log-likelihood", LossUnit(recipe)),
            "l2" => ("L2 penalty", LossUnit(recipe)),
            "commitment" => ("encoder's distance from the codebook", "squared, of codes"),
            "perplexity" => ("perplexity of the codebook", "vectors used"),
            _ => (term, ""),
        };

    /// <summary>Name and unit of a metric; one that is not known is called by its key.</summary>
    public static (string Name, string Unit) Of(string key, BundleManifest manifest)
    {
        var known = key switch
        {
            "epochs" => ("Epochs", "passes over the training rows"),
            "steps" => ("Steps", "minibatches"),
            "seconds" => ("Training time", "s"),
            "parameters" => ("Parameters", ""),
            "export.max_relative_difference" => ("Largest difference of the exported graphs from the model", "of the output's range"),
            "test.mse" => ("Test error", "squared error per value, model units"),
            "test.pca_mse" => ("Test error of a PCA with as many components", "squared error per value, model units"),
            "test.residual" => (
                "Test residual, standard deviation",
                manifest.Input.Unit == InputUnit.Pixel ? "pixel levels, 0 to 255" : "the data's units"
            ),
            "test.noisy.psnr" => ("PSNR of noisy test images", "dB"),
            "test.denoised.psnr" => ("PSNR of denoised test images", "dB"),
            "test.median.psnr" => ("PSNR of test images by the median of nine pixels", "dB"),
            "test.pca.psnr" => ("PSNR of test images by a PCA that shrinks noise", "dB"),
            "evaluate.images" => ("Evaluated pictures of other data", ""),
            "evaluate.noisy.psnr" => ("PSNR of other noisy pictures", "dB"),
            "evaluate.denoised.psnr" => ("PSNR of other denoised pictures", "dB"),
            "evaluate.median.psnr" => ("PSNR of other pictures by the median of nine pixels", "dB"),
            "test.noisy.ssim" => ("SSIM of noisy test images", "at most 1"),
            "test.denoised.ssim" => ("SSIM of denoised test images", "at most 1"),
            "evaluate.nll" => ("Test negative log-likelihood", "nats per row"),
            "evaluate.nll_standard_error" => ("Standard error of the negative log-likelihood", "nats per row"),
            "evaluate.elbo" => ("ELBO of the evaluated rows", "nats per row"),
            "evaluate.reconstruction" => ("Reconstruction error of the evaluated rows", "nats per row"),
            "evaluate.kl" => ("KL of the evaluated rows", "nats per row"),
            "evaluate.active_units" => ("Active dimensions of the code", $"of {manifest.LatentDimension}"),
            CodeMetrics.Rows => ("Held-out rows whose codes are judged", ""),
            CodeMetrics.Information => ("Mutual information of rows and codes", $"nats, {Limit(manifest)}"),
            CodeMetrics.MarginalKl => ("KL of all codes together from the prior", "nats"),
            CodeMetrics.Learned => ("Training rows whose labels classifiers of codes learned", ""),
            CodeMetrics.Nearest => ($"Labels that {CodeClassifiers.Neighbours} nearest codes tell", Share),
            CodeMetrics.Linear => ("Labels that a linear model of codes tells", Share),
            CodeMetrics.Chance => ("Held-out rows with the most frequent label", Share),
            DrawnLabels.Accuracy => ($"Rows drawn with a label that {CodeClassifiers.Neighbours} nearest training rows tell", Share),
            DrawnLabels.OfRows => ($"Held-out rows whose label {CodeClassifiers.Neighbours} nearest training rows tell", Share),
            "evaluate.samples" => ("Importance samples", "per row"),
            "sampler.nll" => ("-ln p(z) of codes under the sampler", "nats per row"),
            "sampler.prior_nll" => ("-ln p(z) of codes under the prior", "nats per row"),
            "test.auroc" => ("AUROC of the test rows", Auroc),
            "test.average_precision" => ("Average precision of the test rows", Share),
            "evaluate.rows" => ("Evaluated rows", ""),
            "evaluate.anomalies" => ("Anomalies among the evaluated rows", ""),
            _ => Detection(key),
        };
        if (known.Item1.Length > 0)
            return known;
        var parts = key.Split('.');
        var part =
            parts is ["train", _] ? "Training"
            : parts is ["validation", _] ? "Validation"
            : parts is ["test", _] ? "Test"
            : null;
        if (part is null)
            return (key, "");
        var (name, unit) = Term(parts[1], manifest.Recipe);
        return ($"{part} {name}", unit);
    }

    /// <summary>Gets what an estimate of mutual information is at most, in words.</summary>
    public static string Limit(BundleManifest manifest) =>
        manifest.Metrics.TryGetValue(CodeMetrics.Rows, out var rows)
            ? string.Create(CultureInfo.InvariantCulture, $"at most ln {rows:N0} = {Math.Log(rows):0.00}")
            : "at most ln of the number of rows";

    private static (string, string) Detection(string key)
    {
        const string At = "evaluate.precision_at_";
        var (of, name) =
            key.EndsWith("_low", StringComparison.Ordinal) ? ("Lower end of the 95% interval of the ", key[..^4])
            : key.EndsWith("_high", StringComparison.Ordinal) ? ("Upper end of the 95% interval of the ", key[..^5])
            : ("", key);
        var (what, unit) =
            name == "evaluate.auroc" ? ("AUROC of the evaluated rows", Auroc)
            : name == "evaluate.average_precision" ? ("average precision of the evaluated rows", Share)
            : name == At + "anomalies" ? ("precision among as many rows as there are anomalies", Share)
            : name.StartsWith(At, StringComparison.Ordinal) ? ($"precision among the {name[At.Length..]} rows of the highest scores", Share)
            : ("", "");
        return what.Length == 0 ? ("", "") : (of.Length > 0 ? of + what : char.ToUpperInvariant(what[0]) + what[1..], unit);
    }

    // A sum over a row and a mean over its values have the KL added as it is.
    private static string LossUnit(Recipe recipe) =>
        recipe.Kind == ModelKind.Variational && !(recipe.Objective.IsInNats() && recipe.Objective.Reduction == ReductionKind.Sum)
            ? $"{ErrorUnit(recipe)} plus nats"
            : ErrorUnit(recipe);
}

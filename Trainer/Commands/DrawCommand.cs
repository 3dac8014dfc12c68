using System.Globalization;
using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Data;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Report;
using Latent.Trainer.Report.Images;

namespace Latent.Trainer.Commands;

/// <summary>Draws images from the prior or the posterior of a variational bundle into a PNG file.</summary>
internal static class DrawCommand
{
    /// <summary>Names of what can be drawn.</summary>
    public static readonly string[] Names = ["prior-sample", "prior-mean", "posterior", "mean"];

    private const int SamplesPerInput = 4;

    /// <summary>Draws the images.</summary>
    /// <param name="bundle">Folder of the bundle.</param>
    /// <param name="what">One of <see cref="Names"/>.</param>
    /// <param name="code">Latent code whose mean is drawn, such as "0.5,-1"; required by "mean".</param>
    /// <param name="label">Label to draw with, of a bundle with a condition; null for each in turn.</param>
    /// <param name="dataPath">Path of the data whose held-out rows "posterior" reconstructs; null for the recipe's path.</param>
    /// <param name="count">Number of samples or inputs.</param>
    /// <param name="seed">Seed of the samples.</param>
    /// <param name="file">The PNG file to write.</param>
    /// <param name="output">The writer of a line that says what was drawn.</param>
    public static int Run(
        string bundle,
        string what,
        string? code,
        string? label,
        string? dataPath,
        int count,
        long seed,
        string file,
        TextWriter output
    )
    {
        if (!file.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"--output is {file}; it must end in .png.");
        var opened = BundleFolder.Open(bundle);
        var manifest = opened.Manifest;
        if (manifest.Kind == ModelKind.Denoiser)
            throw new LatentException($"{manifest.Name} is a denoiser, which has no codes to draw; draw needs a variational bundle.");
        if (manifest.Kind != ModelKind.Variational && (what == "posterior" || manifest.Prior is null))
        {
            throw new LatentException(
                $"{manifest.Name} is a plain autoencoder without a prior to draw from; draw needs a variational bundle, or one with a sampler for prior-sample and prior-mean."
            );
        }

        if (manifest.Recipe.Ensemble > 1)
        {
            throw new LatentException(
                $"{manifest.Name} is an ensemble, whose members would each draw an image of their own to average; draw needs a single model."
            );
        }

        if (manifest.Input.Image is not { } image)
            throw new LatentException($"{manifest.Name} models tables, not images; Scorer's sample command writes its samples.");
        var random = new Random(unchecked((int)seed));
        using var graphs = new BundleGraphs(opened);
        var z = manifest.LatentDimension;
        var labels = label is null ? null : Labels(manifest, what, label, count);
        var (pixels, columns) = what switch
        {
            "prior-mean" => (graphs.Decode(Predictive.Prior(graphs, count, random), labels), 10),
            "prior-sample" => (
                Predictive.Observe(manifest, graphs.Decode(Predictive.Prior(graphs, count, random), labels), Deviation(manifest), random),
                10
            ),
            "mean" => Mean(graphs, manifest, Code(code, z), label),
            _ => Posterior(graphs, manifest, dataPath, count, random),
        };
        ImageGrid.Draw(pixels, image, columns).SavePng(file);
        output.WriteLine(Printable.Of($"{file}: {Describe(what, count, Predictive.PriorName(manifest))}"));
        return ExitCodes.Done;
    }

    private static (float[] Pixels, int Columns) Posterior(
        BundleGraphs graphs,
        BundleManifest manifest,
        string? dataPath,
        int count,
        Random random
    )
    {
        var recipe = manifest.Recipe;
        var rows = DataLoader.Load(recipe with { Data = recipe.Data with { Path = dataPath ?? recipe.Data.Path } }).HeldOut;
        count = Math.Min(count, rows.Count);
        var chosen = rows.Select([.. Enumerable.Range(0, count).Select(i => (int)((long)i * rows.Count / count))]);
        var (given, labels) = (chosen.Values, chosen.Labels);
        var (mean, logVariance) = graphs.Encode(given, labels);
        return (
            [
                .. given,
                .. Enumerable
                    .Range(0, SamplesPerInput)
                    .SelectMany(_ => graphs.Decode(Predictive.Posterior(graphs, given, labels, mean, logVariance, random), labels)),
            ],
            count
        );
    }

    private static (float[] Pixels, int Columns) Mean(BundleGraphs graphs, BundleManifest manifest, float[] code, string? label)
    {
        if (label is not null)
            return (graphs.Decode(code, [label]), 1);
        var times = manifest.Input.Classes?.Count ?? 1;
        return (graphs.Decode([.. Enumerable.Repeat(code, times).SelectMany(values => values)]), Math.Min(10, times));
    }

    private static string[] Labels(BundleManifest manifest, string what, string label, int count)
    {
        if (what == "posterior")
            throw new UsageException("--label is given, but posterior takes the labels of the data; leave it out.");
        var classes =
            manifest.Input.Classes ?? throw new UsageException($"--label is given, but {manifest.Name} has no condition; leave it out.");
        return classes.Contains(label, StringComparer.Ordinal)
            ? [.. Enumerable.Repeat(label, count)]
            : throw new UsageException($"--label is '{label}'; it must be one of {string.Join(", ", classes)}.");
    }

    // Pixels spread about their mean as those of the held-out rows do.
    private static double Deviation(BundleManifest manifest)
    {
        if (manifest.Recipe.Objective.Reconstruction == ReconstructionKind.Bernoulli)
            return 0;
        return manifest.Metrics.TryGetValue(HeldOutMetrics.Residual, out var residual)
            ? residual
            : throw new LatentException(
                $"The manifest of {manifest.Name} has no {HeldOutMetrics.Residual}, the standard deviation of test rows about their means; the report command computes it where there are test rows, and prior-mean works without it."
            );
    }

    private static float[] Code(string? text, int dimension)
    {
        var numbers = (text ?? "").Split(',', StringSplitOptions.TrimEntries);
        return
            numbers.Length == dimension
            && numbers.All(n => float.TryParse(n, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value))
            ? [.. numbers.Select(n => float.Parse(n, NumberStyles.Float, CultureInfo.InvariantCulture))]
            : throw new UsageException($"--code is '{text}'; it must be {dimension} numbers separated by commas.");
    }

    private static string Describe(string what, int count, string prior) =>
        what switch
        {
            "prior-sample" => $"{count} samples x ~ p(x|z), z ~ {prior}.",
            "prior-mean" => $"E[x|z] at {count} samples z ~ {prior}.",
            "mean" => "E[x|z] at the given latent code.",
            _ => $"{count} inputs, held-out ones where there are any, and below each E[x|z] at {SamplesPerInput} samples z ~ q(z|x).",
        };
}

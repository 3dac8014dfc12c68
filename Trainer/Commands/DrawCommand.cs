using System.Globalization;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Data;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Report;
using Latent.Trainer.Report.Images;

namespace Latent.Trainer.Commands;

/// <summary>Draws one of the four predictives of a variational bundle as a PNG image.</summary>
internal static class DrawCommand
{
    /// <summary>What can be drawn.</summary>
    public static readonly string[] Names = ["prior-sample", "prior-mean", "posterior", "mean"];

    private const int DrawsOfAnInput = 4;

    /// <summary>Draws.</summary>
    /// <param name="bundle">Folder of the bundle.</param>
    /// <param name="what">One of <see cref="Names"/>.</param>
    /// <param name="code">The code whose mean is drawn, as "0.5,-1"; "mean" needs it.</param>
    /// <param name="dataPath">Where the data are whose held-out rows "posterior" is given; null: where the recipe says.</param>
    /// <param name="count">Number of draws, or of inputs.</param>
    /// <param name="seed">Seed of the draws.</param>
    /// <param name="picture">The PNG file.</param>
    /// <param name="output">Is told what was drawn.</param>
    public static int Run(string bundle, string what, string? code, string? dataPath, int count, long seed, string picture, TextWriter output)
    {
        if (!picture.EndsWith(".png", StringComparison.OrdinalIgnoreCase))
            throw new UsageException($"--output is {picture}; it must be a file that ends in .png.");
        var opened = BundleFolder.Open(bundle);
        var manifest = opened.Manifest;
        if (manifest.Kind != ModelKind.Variational)
            throw new LatentException($"{manifest.Name} is a plain autoencoder, which has no prior to draw from; draw takes variational bundles.");
        if (manifest.Input.Image is not { } image)
            throw new LatentException($"{manifest.Name} makes rows of a table, not images; Scorer's sample writes them.");
        var random = new Random(unchecked((int)seed));
        using var graphs = new BundleGraphs(opened);
        var z = manifest.LatentDimension;
        var (pixels, columns) = what switch
        {
            "prior-mean" => (graphs.Decode(Predictive.Prior(count, z, random)), 10),
            "prior-sample" => (Predictive.Observe(manifest, graphs.Decode(Predictive.Prior(count, z, random)), Deviation(manifest), random), 10),
            "mean" => (graphs.Decode(Code(code, z)), 1),
            _ => Posterior(graphs, manifest, dataPath, count, random),
        };
        ImageGrid.Draw(pixels, image, columns).SavePng(picture);
        output.WriteLine(Printable.Of($"{picture}: {Says(what, count)}"));
        return ExitCodes.Done;
    }

    private static (float[] Pixels, int Columns) Posterior(BundleGraphs graphs, BundleManifest manifest, string? dataPath, int count, Random random)
    {
        var recipe = manifest.Recipe;
        var rows = DataLoader.Load(recipe with { Data = recipe.Data with { Path = dataPath ?? recipe.Data.Path } }).HeldOut;
        count = Math.Min(count, rows.Count);
        var given = rows.Select([.. Enumerable.Range(0, count).Select(i => (int)((long)i * rows.Count / count))]).Values;
        var (mean, logVariance) = graphs.Encode(given);
        return ([.. given, .. Enumerable.Range(0, DrawsOfAnInput).SelectMany(_ => graphs.Decode(Predictive.Posterior(mean, logVariance, random)))], count);
    }

    // The spread of pixels about their mean is what the held-out rows had.
    private static double Deviation(BundleManifest manifest)
    {
        if (manifest.Recipe.Objective.Reconstruction == ReconstructionKind.Bernoulli)
            return 0;
        return manifest.Metrics.TryGetValue(HeldOutMetrics.Residual, out var residual) ? residual : throw new LatentException(
            $"The manifest of {manifest.Name} has no {HeldOutMetrics.Residual}, the spread of test rows about their means; the report command finds it where there are test rows, and prior-mean needs none.");
    }

    private static float[] Code(string? text, int dimension)
    {
        var numbers = (text ?? "").Split(',', StringSplitOptions.TrimEntries);
        return numbers.Length == dimension && numbers.All(n => float.TryParse(n, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && float.IsFinite(value))
            ? [.. numbers.Select(n => float.Parse(n, NumberStyles.Float, CultureInfo.InvariantCulture))]
            : throw new UsageException($"--code is '{text}'; it must be {dimension} numbers with commas between.");
    }

    private static string Says(string what, int count) => what switch
    {
        "prior-sample" => $"{count} draws x ~ p(x|z), z ~ N(0, I).",
        "prior-mean" => $"E[x|z] at {count} draws z ~ N(0, I).",
        "mean" => "E[x|z] at the given code.",
        _ => $"{count} inputs, held out where there are such, and below each E[x|z] at {DrawsOfAnInput} draws z ~ q(z|x).",
    };
}

using System.Text.Json;
using System.Text.RegularExpressions;
using Latent.Contracts.Files;
using Latent.Contracts.Json;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;

namespace Latent.Contracts.Bundles;

/// <summary>Reads and writes a bundle's manifest.json.</summary>
public static partial class ManifestFile
{
    /// <summary>The name of the manifest in the bundle's folder.</summary>
    public const string Name = "manifest.json";

    /// <summary>Reads a bundle's manifest; the other files are not checked.</summary>
    /// <param name="folder">The bundle's folder.</param>
    /// <exception cref="LatentException">There is no manifest, its schema is newer, or it contains an invalid value.</exception>
    public static BundleManifest Read(string folder)
    {
        if (!Directory.Exists(folder))
            throw new LatentException($"There is no bundle {folder}: the folder does not exist.");
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path))
            throw new LatentException($"{folder} is not a bundle: it has no {Name}.");
        return Parse(SmallFile.ReadText(path), path);
    }

    /// <summary>Reads a manifest.</summary>
    /// <param name="json">The manifest's text.</param>
    /// <param name="source">Where it came from, for messages.</param>
    /// <exception cref="LatentException">Its schema is newer, or it contains an invalid value.</exception>
    public static BundleManifest Parse(string json, string source)
    {
        using var document = StrictJson.ParseDocument(json, source);
        var root = document.RootElement;
        const int Newest = BundleManifest.CurrentSchemaVersion;
        if (
            root.ValueKind == JsonValueKind.Object
            && StrictJson.TryGet(root, "schemaVersion", source, out var version)
            && version.ValueKind == JsonValueKind.Number
            && version.TryGetInt32(out var number)
            && number > Newest
        )
        {
            throw new LatentException(
                $"{source} has schema version {number}, but this program reads up to {Newest}; a newer Latent is needed."
            );
        }

        var manifest = StrictJson.FromElement<BundleManifest>(root, source);
        Check(manifest, source);
        return manifest;
    }

    /// <summary>Writes a manifest.</summary>
    /// <param name="manifest">The manifest.</param>
    /// <param name="folder">The bundle's folder.</param>
    /// <exception cref="LatentException">The manifest contains an invalid value, or the file can't be written.</exception>
    public static void Write(BundleManifest manifest, string folder)
    {
        var path = Path.Combine(folder, Name);
        Check(manifest, path);
        AtomicFile.WriteText(path, ToJson(manifest));
    }

    /// <summary>Formats a manifest as indented JSON.</summary>
    /// <param name="manifest">The manifest.</param>
    public static string ToJson(BundleManifest manifest) => StrictJson.ToJson(manifest);

    private static void Check(BundleManifest manifest, string source)
    {
        Require(manifest.SchemaVersion >= 1, "schemaVersion", manifest.SchemaVersion, "at least 1");
        Require(
            manifest.Kind == manifest.Recipe.Kind,
            "kind",
            RecipeNames.Of(manifest.Kind),
            $"recipe.kind, {RecipeNames.Of(manifest.Recipe.Kind)}"
        );
        var isDenoiser = manifest.Kind == ModelKind.Denoiser;
        Require(
            isDenoiser || manifest.LatentDimension is >= 1 and <= 1 << 20,
            "latentDimension",
            manifest.LatentDimension,
            $"from 1 to {1 << 20}"
        );
        Require(!isDenoiser || manifest.Input.Image is not null, "input.image", "left out", "given where kind is denoiser");
        Require(
            manifest.Recipe.Ensemble is >= 1 and <= Recipe.MaxEnsemble,
            "recipe.ensemble",
            manifest.Recipe.Ensemble,
            $"from 1 to {Recipe.MaxEnsemble}"
        );
        Require(
            manifest.LatentDimension == manifest.Recipe.CodeLength(),
            "latentDimension",
            manifest.LatentDimension,
            manifest.Recipe.Latent.Codebook is not null ? $"the number of vectors of a row, {manifest.Recipe.CodeLength()}"
                : manifest.Recipe.Latent.Upper is not null
                    ? $"the lengths of both stochastic layers together, {manifest.Recipe.CodeLength()}"
                : manifest.Recipe.Ensemble == 1 ? $"recipe.latent.dimension, {manifest.Recipe.Latent.Dimension}"
                : $"recipe.latent.dimension times recipe.ensemble, {manifest.Recipe.CodeLength()}"
        );
        var shape = manifest.Input.Shape;
        Require(
            shape.Count is 1 or 3 && shape.All(n => n >= 1) && shape.Aggregate(1d, (a, b) => a * b) <= 1 << 28,
            "input.shape",
            LayerShapes.Text(shape),
            $"[features] or [channels, height, width], each at least 1 and their product at most {1 << 28}"
        );
        var features = shape.Aggregate((a, b) => a * b);
        if (manifest.Input.Columns is { } columns)
            Require(columns.Count == features, "input.columns", $"{columns.Count} names", $"one name for each of the {features} features");
        if (manifest.Input.Image is { } image)
        {
            Require(
                (double)image.Channels * image.Height * image.Width == features && image.Channels >= 1 && image.Height >= 1,
                "input.image",
                image,
                $"an image of the {features} values of input.shape"
            );
        }

        var (labels, classes) = (manifest.Input.Classes?.ToHashSet(StringComparer.Ordinal), manifest.Recipe.Condition?.Classes ?? 0);
        Require(
            (labels?.Count ?? 0) == classes && manifest.Input.Classes?.Count == labels?.Count,
            "input.classes",
            $"{manifest.Input.Classes?.Count ?? 0} labels",
            $"{classes} different ones, as many as recipe.condition.classes"
        );

        if (manifest.PriorNoise is { } noise)
        {
            Require(
                noise is { Normal: >= 0 and <= 1 << 20, Uniform: >= 0 and <= 1 << 20 } && noise.Count() > 0,
                "priorNoise",
                $"{noise.Normal} and {noise.Uniform} columns",
                "at least one column"
            );
        }

        if (manifest.Input.Table is { } table)
            TableCheck.Check(table, shape, source);
        RecipeValidation.CheckLayers(manifest.Recipe, manifest.Input, source);
        if (manifest.Training is { } training)
        {
            Require(manifest.Input.Table is not null, "training", "given", "left out where there is no input.table");
            TableCheck.Check(training, manifest.Input.Table!, manifest.LatentDimension, source);
        }

        if (manifest.Scores is { } scores)
        {
            Require(
                scores.Rows >= 1
                    && scores.Quantiles.Count == scores.Probabilities.Count
                    && scores.Quantiles.Count >= 2
                    && IsAscending(scores.Quantiles)
                    && IsAscending(scores.Probabilities)
                    && scores.Probabilities[0] == 0
                    && scores.Probabilities[^1] == 1,
                "scores",
                $"{scores.Quantiles.Count} quantiles of {scores.Rows} rows",
                "ascending quantiles for probabilities from 0 to 1"
            );
        }

        if (manifest.StartedFrom is { } start)
            Require(HashPattern().IsMatch(start.Sha256), "startedFrom.sha256", start.Sha256, "64 hexadecimal digits in lower case");
        foreach (var (name, figure) in manifest.Metrics)
            Require(double.IsFinite(figure), $"metrics.{name}", figure, "a finite number");
        var paths = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < manifest.Files.Count; i++)
        {
            var file = manifest.Files[i];
            Require(
                IsInside(file.Path) && paths.Add(file.Path),
                $"files[{i}].path",
                file.Path,
                "a path of its own inside the bundle, with forward slashes"
            );
            Require(file.Bytes >= 0, $"files[{i}].bytes", file.Bytes, "at least 0");
            Require(HashPattern().IsMatch(file.Sha256), $"files[{i}].sha256", file.Sha256, "64 hexadecimal digits in lower case");
        }

        void Require(bool holds, string key, object? value, string right)
        {
            if (!holds)
                throw new LatentException(FormattableString.Invariant($"{key} is {value}; it must be {right} ({source})."));
        }
    }

    private static bool IsAscending(IReadOnlyList<double> values) =>
        values.All(double.IsFinite) && values.Zip(values.Skip(1)).All(pair => pair.First <= pair.Second);

    private static bool IsInside(string path) =>
        path != Name && path.IndexOfAny(['\\', ':', '\0']) < 0 && path.Split('/').All(part => part is not ("" or "." or ".."));

    [GeneratedRegex(@"^[0-9a-f]{64}\z")]
    private static partial Regex HashPattern();
}

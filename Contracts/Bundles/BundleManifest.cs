namespace Latent.Contracts.Bundles;

/// <summary>What manifest.json says of a bundle: everything that inference needs to know, and where the model came from.</summary>
public sealed record BundleManifest
{
    /// <summary>The schema this library writes and the newest that it reads.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>Version of this schema, counted from 1.</summary>
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>The bundle's name: the recipe's, unless told otherwise.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for a person.</summary>
    public string Description { get; init; } = "";

    /// <summary>Whether codes are points or distributions.</summary>
    public required ModelKind Kind { get; init; }

    /// <summary>What a row is.</summary>
    public required InputDescription Input { get; init; }

    /// <summary>Length of a code.</summary>
    public required int LatentDimension { get; init; }

    /// <summary>What <see cref="TensorNames.ReconstructionError"/> measures.</summary>
    public required ReconstructionDescription Reconstruction { get; init; }

    /// <summary>The prior over codes; "standard normal" for variational bundles, null for the others.</summary>
    public string? Prior { get; init; }

    /// <summary>The recipe as it was run, defaults filled in.</summary>
    public required Recipes.Recipe Recipe { get; init; }

    /// <summary>Seed of the run.</summary>
    public required long Seed { get; init; }

    /// <summary>What trained it, such as "TorchSharp 0.107.0 (polyfill)".</summary>
    public required string Engine { get; init; }

    /// <summary>SHA-256 of the training data as it was read, in hexadecimal.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>UTC time of export.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Final figures by name, such as "test.loss" or "export.max_abs_difference".</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new SortedDictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Every other file of the bundle.</summary>
    public required IReadOnlyList<BundleFile> Files { get; init; }
}

/// <summary>Whether codes are points or distributions.</summary>
public enum ModelKind
{
    /// <summary>The encoder gives a point.</summary>
    Autoencoder,

    /// <summary>The encoder gives mean and log-variance of a diagonal normal distribution.</summary>
    Variational,
}

/// <summary>What a row of <see cref="TensorNames.Input"/> is.</summary>
public sealed record InputDescription
{
    /// <summary>Shape of one row without the batch axis: [features], or [channels, height, width] for images.</summary>
    public required IReadOnlyList<int> Shape { get; init; }

    /// <summary>What a value is: "pixel" (0 to 255) or "table" (each column's own unit).</summary>
    public required string Unit { get; init; }

    /// <summary>Names of the columns of a table, in order; null for images.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Of pictures: number of channels (1 grey, 3 red-green-blue), height and width in pixels, even where <see cref="Shape"/> is flat. Null for tables.</summary>
    public ImageDescription? Image { get; init; }
}

/// <summary>How the values of a row make a picture, channel by channel, row by row from the top.</summary>
/// <param name="Channels">1 (grey) or 3 (red, green, blue).</param>
/// <param name="Height">Pixels.</param>
/// <param name="Width">Pixels.</param>
public sealed record ImageDescription(int Channels, int Height, int Width);

/// <summary>What the reconstruction term of a bundle measures.</summary>
/// <param name="Likelihood">"bernoulli" (cross-entropy in nats) or "meanSquaredError" (on model units, see the recipe's scaling).</param>
/// <param name="Reduction">"sum" or "mean" over the features of a row.</param>
public sealed record ReconstructionDescription(string Likelihood, string Reduction);

/// <summary>A file of the bundle.</summary>
/// <param name="Path">Relative to the bundle's folder, with forward slashes.</param>
/// <param name="Role">"encoder", "decoder", "autoencoder", "checkpoint", "log", "report", "card" or "picture".</param>
/// <param name="Bytes">Length.</param>
/// <param name="Sha256">Hexadecimal, lower case.</param>
public sealed record BundleFile(string Path, string Role, long Bytes, string Sha256);

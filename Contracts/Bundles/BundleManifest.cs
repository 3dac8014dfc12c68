namespace Latent.Contracts.Bundles;

/// <summary>What manifest.json says of a bundle: everything that inference needs to know, and where the model came from.</summary>
public sealed record BundleManifest
{
    /// <summary>The schema this library writes and the newest that it reads.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>Version of this schema, counted from 1.</summary>
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>The bundle's name: the recipe's.</summary>
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

    /// <summary>The bundle whose weights training started from; null: weights were drawn.</summary>
    public InitialWeights? StartedFrom { get; init; }

    /// <summary>What trained it, such as "TorchSharp 0.107.0".</summary>
    public required string Engine { get; init; }

    /// <summary>Where training ended, such as "AMD EPYC 7763, 2 processors, .NET 10.0.12"; null: not known.</summary>
    public string? Machine { get; init; }

    /// <summary>SHA-256 of the training data as it was read, in hexadecimal.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>UTC time of export.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Final figures by name, such as "test.loss" or "export.max_relative_difference".</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new SortedDictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Every other file of the bundle.</summary>
    public required IReadOnlyList<BundleFile> Files { get; init; }
}

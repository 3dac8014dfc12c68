using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;

namespace Latent.Contracts.Bundles;

/// <summary>Represents a bundle's manifest.json: everything that inference needs to know, and where the model came from.</summary>
public sealed record BundleManifest
{
    /// <summary>The schema version that this library writes, and the newest that it reads.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>Gets the version of the schema, counted from 1.</summary>
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>Gets the bundle's name, which is the recipe's.</summary>
    public required string Name { get; init; }

    /// <summary>Gets a description of one sentence for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>Gets whether codes are points or distributions, or there are none.</summary>
    public required ModelKind Kind { get; init; }

    /// <summary>Gets the description of a row.</summary>
    public required InputDescription Input { get; init; }

    /// <summary>Gets the length of a code: recipe.latent.dimension, for each member of an ensemble; 0 for a denoiser.</summary>
    public required int LatentDimension { get; init; }

    /// <summary>Gets what <see cref="TensorNames.ReconstructionError"/> measures.</summary>
    public required ReconstructionDescription Reconstruction { get; init; }

    /// <summary>
    /// Gets what codes are drawn from to generate rows: the prior, such as "standard normal" or "VampPrior of 500 pseudo-inputs", or the
    /// sampler that was fitted instead; null for a plain autoencoder without a sampler.
    /// </summary>
    public string? Prior { get; init; }

    /// <summary>Gets what prior.onnx makes codes of; null where there is none, and codes are drawn from the standard normal.</summary>
    public NoiseDescription? PriorNoise { get; init; }

    /// <summary>Gets the recipe as it was run, with defaults filled in.</summary>
    public required Recipes.Recipe Recipe { get; init; }

    /// <summary>Gets the seed of the run.</summary>
    public required long Seed { get; init; }

    /// <summary>Gets the bundle whose weights training started from; null if the weights were drawn.</summary>
    public InitialWeights? StartedFrom { get; init; }

    /// <summary>Gets the engine that trained the model, such as "TorchSharp 0.107.0".</summary>
    public required string Engine { get; init; }

    /// <summary>Gets the machine on which training ended, such as "AMD EPYC 7763, 2 processors, .NET 10.0.12"; null if unknown.</summary>
    public string? Machine { get; init; }

    /// <summary>Gets the SHA-256 of the training data as it was read, in hexadecimal.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>Gets the UTC time of export.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>Gets the final figures by name, such as "test.loss" or "export.max_relative_difference".</summary>
    public IReadOnlyDictionary<string, double> Metrics { get; init; } = new SortedDictionary<string, double>(StringComparer.Ordinal);

    /// <summary>Gets the distribution of the anomaly score over held-out normal rows of a table; null for other models.</summary>
    public ScoreDistribution? Scores { get; init; }

    /// <summary>Gets the distribution of a table's training rows, which new rows are compared with; null for other models.</summary>
    public TrainingDistribution? Training { get; init; }

    /// <summary>Gets the list of all other files of the bundle.</summary>
    public required IReadOnlyList<BundleFile> Files { get; init; }
}

/// <summary>Describes what the reconstruction term of a bundle measures.</summary>
/// <param name="Likelihood">Cross-entropy in nats, or squared error on model units (see the recipe's scaling).</param>
/// <param name="Reduction">Whether it is summed or averaged over the features of a row.</param>
public sealed record ReconstructionDescription(ReconstructionKind Likelihood, ReductionKind Reduction);

/// <summary>Specifies whether codes are points or distributions, or there are none.</summary>
public enum ModelKind
{
    /// <summary>The encoder gives one point per row.</summary>
    Autoencoder,

    /// <summary>The encoder gives the mean and log-variance of a diagonal normal distribution.</summary>
    Variational,

    /// <summary>There is no code: the encoder's layers make a clean image, or its noise, of a noisy one.</summary>
    Denoiser,
}

/// <summary>Identifies the bundle whose weights a training started from.</summary>
/// <param name="Name">Name of the bundle.</param>
/// <param name="Epochs">Number of epochs that its model had been trained for.</param>
/// <param name="Sha256">SHA-256 of its checkpoint.safetensors, in lower-case hexadecimal.</param>
public sealed record InitialWeights(string Name, int Epochs, string Sha256)
{
    /// <summary>Formats the bundle for people, with the beginning of the hash only.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Name} after {Epochs:N0} epochs, SHA-256 {Sha256[..Math.Min(16, Sha256.Length)]}…");
}

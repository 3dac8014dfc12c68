using System.Text.Json;
using System.Text.Json.Serialization;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;

namespace Latent.Trainer.Checkpoints;

/// <summary>Everything of an unfinished run that is no tensor. With the tensors it continues exactly where it was.</summary>
public sealed record CheckpointState
{
    /// <summary>How states are read and written.</summary>
    internal static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>The tensors' file beside this one.</summary>
    public required string Tensors { get; init; }

    /// <summary>SHA-256 of the tensors' file, hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>What trained so far, such as "TorchSharp 0.107.0".</summary>
    public required string Engine { get; init; }

    /// <summary>Threads of the engine; other numbers may round differently.</summary>
    public required int Threads { get; init; }

    /// <summary>SHA-256 of the training data as it was read.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>The bundle whose weights training started from, or null.</summary>
    public InitialWeights? StartedFrom { get; init; }

    /// <summary>Method that the moments belong to.</summary>
    public required OptimizerKind Optimizer { get; init; }

    /// <summary>Learning rate of the last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Where random numbers stand.</summary>
    public required RandomState Random { get; init; }

    /// <summary>Where training stands.</summary>
    public required TrainingPosition Position { get; init; }
}

/// <summary>Where random numbers stand: each step draws from a generator of its own, seeded by the run's seed and the step's number.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="NextStep">Number of the step that draws next, counted from 0.</param>
public sealed record RandomState(long Seed, long NextStep);

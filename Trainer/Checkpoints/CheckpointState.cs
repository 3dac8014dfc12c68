using System.Text.Json;
using System.Text.Json.Serialization;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;

namespace Latent.Trainer.Checkpoints;

/// <summary>
/// Represents everything of an unfinished run except its tensors. With the tensors, the run continues exactly where it was.
/// </summary>
public sealed record CheckpointState
{
    /// <summary>The options with which states are read and written.</summary>
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

    /// <summary>Gets the name of the tensors' file beside this one.</summary>
    public required string Tensors { get; init; }

    /// <summary>Gets the SHA-256 of the tensors' file, in hexadecimal.</summary>
    public required string Sha256 { get; init; }

    /// <summary>Gets the engine that trained so far, such as "TorchSharp 0.107.0".</summary>
    public required string Engine { get; init; }

    /// <summary>Gets the number of threads of the engine; other numbers may round differently.</summary>
    public required int Threads { get; init; }

    /// <summary>Gets the number of processes that trained together; other numbers may round differently.</summary>
    /// <value>The default is 1.</value>
    public int Ranks { get; init; } = 1;

    /// <summary>Gets the SHA-256 of the training data as it was read, in hexadecimal.</summary>
    public required string DataFingerprint { get; init; }

    /// <summary>Gets the bundle whose weights training started from, or null.</summary>
    public InitialWeights? StartedFrom { get; init; }

    /// <summary>Gets the method that the moments belong to.</summary>
    public required OptimizerKind Optimizer { get; init; }

    /// <summary>Gets the learning rate of the last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Gets the state of the random numbers.</summary>
    public required RandomState Random { get; init; }

    /// <summary>Gets the position of training.</summary>
    public required TrainingPosition Position { get; init; }
}

/// <summary>
/// Represents the state of random numbers: each step draws from a generator of its own, seeded by the run's seed and the step's number.
/// </summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="NextStep">Number of the step that draws next, counted from 0.</param>
public sealed record RandomState(long Seed, long NextStep);

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Latent.Contracts.Training;

/// <summary>A line of training.jsonl.</summary>
public sealed record EpochRecord
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Epochs made, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Steps made.</summary>
    public required long Step { get; init; }

    /// <summary>Seconds of training so far.</summary>
    public required double Seconds { get; init; }

    /// <summary>Rows learned from a second, in this epoch.</summary>
    public required double SamplesPerS { get; init; }

    /// <summary>Learning rate of this epoch.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Weight of the KL term at the epoch's last step.</summary>
    public required double Beta { get; init; }

    /// <summary>Means over the training rows of "loss" and its terms, while they were learned from.</summary>
    public required IReadOnlyDictionary<string, double> Train { get; init; }

    /// <summary>Means over the validation rows after the epoch, or null.</summary>
    public required IReadOnlyDictionary<string, double>? Validation { get; init; }

    /// <summary>Gets the engine as it names itself; null in the logs of Latent before 0.2, and not written then.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Engine { get; init; }

    /// <summary>NLL of a part of the test rows at the end of a stage, else null and not written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TestNll { get; init; }

    /// <summary>The record as one line of JSON, without its end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, s_json);

    /// <summary>Reads a line of JSON.</summary>
    public static EpochRecord Parse(string line) => JsonSerializer.Deserialize<EpochRecord>(line, s_json)!;
}

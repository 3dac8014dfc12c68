using System.Text.Json;
using System.Text.Json.Serialization;

namespace Latent.Contracts.Training;

/// <summary>Represents one line of training.jsonl.</summary>
public sealed record EpochRecord
{
    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    /// <summary>Gets the number of epochs made, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Gets the number of steps made.</summary>
    public required long Step { get; init; }

    /// <summary>Gets the seconds of training so far.</summary>
    public required double Seconds { get; init; }

    /// <summary>Gets the training rows per second in this epoch.</summary>
    public required double SamplesPerS { get; init; }

    /// <summary>Gets the learning rate of this epoch.</summary>
    public required double LearningRate { get; init; }

    /// <summary>Gets the weight of the KL term at the epoch's last step.</summary>
    public required double Beta { get; init; }

    /// <summary>Gets the means over the training rows of "loss" and its terms, as computed during the epoch.</summary>
    public required IReadOnlyDictionary<string, double> Train { get; init; }

    /// <summary>Gets the means over the validation rows after the epoch; null without validation rows.</summary>
    public required IReadOnlyDictionary<string, double>? Validation { get; init; }

    /// <summary>Gets the engine as it names itself; null in the logs of Latent before 0.2, and not written then.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Engine { get; init; }

    /// <summary>Gets the NLL in nats of a part of the test rows at the end of a stage; otherwise null and not written.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? TestNll { get; init; }

    /// <summary>Formats the record as one line of JSON, without the line end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, s_json);

    /// <summary>Reads a record from one line of JSON.</summary>
    public static EpochRecord Parse(string line) => JsonSerializer.Deserialize<EpochRecord>(line, s_json)!;
}

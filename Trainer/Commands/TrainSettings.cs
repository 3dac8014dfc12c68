using System.Text.Json;

namespace Latent.Trainer.Commands;

/// <summary>Settings of a run, from the command line.</summary>
internal sealed record TrainSettings
{
    public required string Recipe { get; init; }

    public string? Data { get; init; }

    public string? Label { get; init; }

    public string? From { get; init; }

    public string? Output { get; init; }

    public long? Epochs { get; init; }

    public long? BatchSize { get; init; }

    public long? Seed { get; init; }

    public int? Threads { get; init; }

    public string Device { get; init; } = "cpu";

    public IReadOnlyList<string> Assignments { get; init; } = [];

    public bool SkipErrors { get; init; }

    public bool Resume { get; init; }

    public bool Force { get; init; }

    public bool Quiet { get; init; }

    /// <summary>Gets the assignments of --set, followed by those of options that stand for keys of the recipe.</summary>
    public IEnumerable<string> AllAssignments =>
        [
            .. Assignments,
            .. Text("data.path", Data),
            .. Text("data.label", Label),
            .. Text("initialization.bundle", From),
            .. SkipErrors ? (string[])["data.skipErrors=true"] : [],
            .. Number("training.epochs", Epochs),
            .. Number("training.batchSize", BatchSize),
            .. Number("training.seed", Seed),
        ];

    private static string[] Text(string key, string? value) => value is null ? [] : [$"{key}={JsonSerializer.Serialize(value)}"];

    private static string[] Number(string key, long? value) => value is null ? [] : [FormattableString.Invariant($"{key}={value}")];
}

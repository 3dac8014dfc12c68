namespace Latent.Trainer.Sweeps;

/// <summary>Represents one of the runs of a sweep.</summary>
/// <param name="Name">Name of its bundle's folder in the sweep's, such as "run-003".</param>
/// <param name="Values">The values of the keys that differ between runs, by their keys.</param>
internal sealed record SweepRun(string Name, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>Formats the run for people.</summary>
    public override string ToString() => $"{Name} ({string.Join(", ", Values.Select(pair => $"{pair.Key} {pair.Value}"))})";
}

using Latent.Contracts.Training;
using Latent.Trainer.Progress;

namespace Latent.Trainer.Runs;

/// <summary>How a run is made, apart from what the recipe decides.</summary>
public sealed record RunOptions
{
    /// <summary>The bundle's folder to be; checkpoints lie in a hidden folder beside it until it is whole.</summary>
    public required string Output { get; init; }

    /// <summary>Whether an unfinished run of the same recipe and data is continued; else it is started over.</summary>
    public bool Resume { get; init; }

    /// <summary>Whether a finished bundle in <see cref="Output"/> may be trained over; else it is refused. It stays until the new one is whole.</summary>
    public bool Force { get; init; }

    /// <summary>Threads of the engine; at most four for each processor; null: as many as it takes by itself.</summary>
    public int? Threads { get; init; }

    /// <summary>"cpu", "cuda" or "cuda:N".</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Is shown how training goes.</summary>
    public ITrainingDisplay Display { get; init; } = new QuietDisplay();
}

using Latent.Contracts.Training;
using Latent.Trainer.Mpi;
using Latent.Trainer.Progress;

namespace Latent.Trainer.Runs;

/// <summary>Represents the options of a run that the recipe does not decide.</summary>
public sealed record RunOptions
{
    /// <summary>Gets the future folder of the bundle; checkpoints lie in a hidden folder beside it until it is complete.</summary>
    public required string Output { get; init; }

    /// <summary>Gets whether an unfinished run of the same recipe and data is continued; otherwise it is started over.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Resume { get; init; }

    /// <summary>
    /// Gets whether a finished bundle in <see cref="Output"/> may be replaced; otherwise it is refused. It stays until the new one is
    /// complete.
    /// </summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Force { get; init; }

    /// <summary>Gets the number of threads of the engine, at most four per processor; null for the engine's own choice.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public int? Threads { get; init; }

    /// <summary>Gets the device: "cpu", "cuda" or "cuda:N".</summary>
    /// <value>The default is "cpu".</value>
    public string Device { get; init; } = "cpu";

    /// <summary>Gets the number of epochs after which the run pauses with a checkpoint; null to train to the end.</summary>
    internal int? PauseAfter { get; init; }

    /// <summary>Gets the processes that train together, of which the first writes.</summary>
    internal Ranks Ranks { get; init; } = Ranks.Single;

    /// <summary>Gets the display that shows how training goes.</summary>
    /// <value>The default is a display that shows nothing.</value>
    public ITrainingDisplay Display { get; init; } = new QuietDisplay();
}

namespace Latent.Trainer.Commands;

/// <summary>What the process returns.</summary>
public static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Failed: data, disk, a recipe, or a diverging loss.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Done, but for rows or images that were left out.</summary>
    public const int Skipped = 3;

    /// <summary>Stopped by Ctrl-C, SIGTERM or SIGHUP; once training has begun, a checkpoint was saved.</summary>
    public const int Interrupted = 130;
}

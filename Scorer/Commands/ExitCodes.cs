namespace Latent.Scorer.Commands;

/// <summary>What the process returns.</summary>
public static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Failed: an input, the bundle or the disk.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>Done, but for inputs that were skipped.</summary>
    public const int Skipped = 3;

    /// <summary>Stopped by Ctrl-C; no output was left.</summary>
    public const int Interrupted = 130;
}

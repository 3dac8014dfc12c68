namespace Latent.CommandLine;

/// <summary>Exit codes of the programs.</summary>
internal static class ExitCodes
{
    /// <summary>The command succeeded.</summary>
    public const int Done = 0;

    /// <summary>The command failed: an input, a bundle, a recipe, the disk or a diverging loss.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>The command succeeded, but rows or images that can't be read were skipped.</summary>
    public const int Skipped = 3;

    /// <summary>The command succeeded, and rows have drifted from those that the model was trained on.</summary>
    public const int Drift = 4;

    /// <summary>The command was stopped by Ctrl-C, SIGTERM or SIGHUP.</summary>
    public const int Interrupted = 130;
}

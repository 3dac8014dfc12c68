using Latent.Contracts;

namespace Latent.CommandLine;

/// <summary>Reports that the command line itself is wrong, which ends the program with <see cref="ExitCodes.Usage"/>.</summary>
/// <param name="message">One sentence: what was wrong, and what would be right.</param>
internal sealed class UsageException(string message) : LatentException(message);

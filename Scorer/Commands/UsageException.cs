using Latent.Contracts;

namespace Latent.Scorer.Commands;

/// <summary>The command line itself is wrong: exit code 2.</summary>
/// <param name="message">One sentence: what was wrong, and what would be right.</param>
public sealed class UsageException(string message) : LatentException(message);

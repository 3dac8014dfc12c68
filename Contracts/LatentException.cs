namespace Latent.Contracts;

/// <summary>
/// Represents an error outside the program, in a file, a value or a key. The message is one sentence, on one line, meant for a person.
/// </summary>
public class LatentException : Exception
{
    /// <summary>Initializes a new instance of the <see cref="LatentException"/> class.</summary>
    /// <param name="message">One sentence: what was wrong, where, and what would be right.</param>
    /// <param name="inner">The exception that caused it, or null.</param>
    public LatentException(string message, Exception? inner = null)
        : base(message.ReplaceLineEndings(" "), inner) { }
}

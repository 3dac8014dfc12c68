namespace Latent.Contracts;

/// <summary>Something outside the program is wrong: a file, a value, a key. The message is one sentence, on one line, meant for a person.</summary>
public class LatentException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">One sentence: what was wrong, where, and what would be right.</param>
    /// <param name="inner">What caused it, if anything.</param>
    public LatentException(string message, Exception? inner = null)
        : base(message.ReplaceLineEndings(" "), inner) { }
}

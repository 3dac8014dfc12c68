namespace Latent.Data.Tables;

/// <summary>Parses labels and words that say yes or no.</summary>
internal static class Truth
{
    /// <summary>Parses a label; null if it is neither.</summary>
    public static bool? Of(ReadOnlySpan<char> label) =>
        label is "1" or "1.0" || label.Equals("true", StringComparison.OrdinalIgnoreCase) ? true
        : label is "0" or "0.0" || label.Equals("false", StringComparison.OrdinalIgnoreCase) ? false
        : null;

    /// <summary>Parses a word, or a number, that says yes or no in any case; null if it is neither.</summary>
    public static bool? OfWord(ReadOnlySpan<char> word) =>
        Of(word)
        ?? (
            word.Equals("yes", StringComparison.OrdinalIgnoreCase)
            || word.Equals("t", StringComparison.OrdinalIgnoreCase)
            || word.Equals("y", StringComparison.OrdinalIgnoreCase)
                ? true
            : word.Equals("no", StringComparison.OrdinalIgnoreCase)
            || word.Equals("f", StringComparison.OrdinalIgnoreCase)
            || word.Equals("n", StringComparison.OrdinalIgnoreCase)
                ? false
            : null
        );
}

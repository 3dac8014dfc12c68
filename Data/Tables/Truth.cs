namespace Latent.Data.Tables;

/// <summary>Parses labels that say yes or no.</summary>
internal static class Truth
{
    /// <summary>Parses a label; null if it is neither.</summary>
    public static bool? Of(ReadOnlySpan<char> label) =>
        label is "1" or "1.0" || label.Equals("true", StringComparison.OrdinalIgnoreCase) ? true
        : label is "0" or "0.0" || label.Equals("false", StringComparison.OrdinalIgnoreCase) ? false
        : null;
}

namespace Latent.Data.Tables;

/// <summary>Labels that say yes or no.</summary>
internal static class Truth
{
    /// <summary>What a label says; null where it is neither.</summary>
    public static bool? Of(ReadOnlySpan<char> label) =>
        label is "1" or "1.0" || label.Equals("true", StringComparison.OrdinalIgnoreCase) ? true
        : label is "0" or "0.0" || label.Equals("false", StringComparison.OrdinalIgnoreCase) ? false
        : null;
}

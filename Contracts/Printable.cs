using System.Globalization;
using System.Text;

namespace Latent.Contracts;

/// <summary>Makes text from a file, a name or a user safe for a terminal, which control characters could command.</summary>
internal static class Printable
{
    /// <summary>
    /// Escapes control characters of a text (ESC, line ends and tabs among them), and those that change the direction of writing, as
    /// \u001b.
    /// </summary>
    /// <param name="text">The text.</param>
    public static string Of(string text) => Escape(text, "");

    /// <summary>Escapes lines of text as <see cref="Of"/> does, except their line ends.</summary>
    /// <param name="text">The lines.</param>
    public static string Lines(string text) => Escape(text, "\r\n");

    private static string Escape(string text, string kept)
    {
        StringBuilder? result = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (IsHarmless(text, i) || kept.Contains(text[i], StringComparison.Ordinal))
                result?.Append(text[i]);
            else
                (result ??= new StringBuilder(text, 0, i, text.Length + 16)).Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
        }

        return result?.ToString() ?? text;
    }

    private static bool IsHarmless(string text, int i) =>
        char.GetUnicodeCategory(text[i]) switch
        {
            UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => false,
            // Joiners belong to scripts and emoji; the other characters of this category are seen by no reader, but change what is seen.
            UnicodeCategory.Format => text[i] is '\u200c' or '\u200d' or '\u00ad',
            UnicodeCategory.Surrogate => char.IsSurrogatePair(
                text,
                i < text.Length - 1 && char.IsHighSurrogate(text[i]) ? i : Math.Max(0, i - 1)
            ),
            _ => true,
        };
}

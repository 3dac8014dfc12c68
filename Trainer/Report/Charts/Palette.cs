namespace Latent.Trainer.Report.Charts;

/// <summary>Colors that stay apart for the color-blind and on paper: dark enough for lines on white, or light enough for black.</summary>
internal static class Palette
{
    /// <summary>Number of colors.</summary>
    public const int Count = 10;

    private static readonly string[] s_light =
    [
        "#0b62a4",
        "#c0392b",
        "#1a7f37",
        "#8e44ad",
        "#a65e00",
        "#00727a",
        "#b0307a",
        "#4d4d4d",
        "#5b6f00",
        "#3f51b5",
    ];

    private static readonly string[] s_dark =
    [
        "#6cb6ff",
        "#ff8a7a",
        "#5fd07f",
        "#d2a1f0",
        "#f0a94a",
        "#4fd0d8",
        "#ff8ec7",
        "#bfc5cc",
        "#bdd24a",
        "#a5b4ff",
    ];

    /// <summary>A color for a page that has <see cref="Css"/>.</summary>
    public static string Color(int index) => $"var(--s{index % Count})";

    /// <summary>A color on white.</summary>
    public static string OnWhite(int index) => s_light[index % Count];

    /// <summary>Declares the colors, for light and for dark pages.</summary>
    public static string Css() =>
        $":root {{ {Variables(s_light)} }}\n@media (prefers-color-scheme: dark) {{ :root {{ {Variables(s_dark)} }} }}";

    private static string Variables(string[] colors) => string.Join(' ', colors.Select((color, i) => $"--s{i}: {color};"));
}

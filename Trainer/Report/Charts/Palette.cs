namespace Latent.Trainer.Report.Charts;

/// <summary>Colours that stay apart for the colour-blind and on paper, dark enough for lines on white.</summary>
internal static class Palette
{
    private static readonly string[] Colors =
        ["#0b62a4", "#c0392b", "#1a7f37", "#8e44ad", "#a65e00", "#00727a", "#b0307a", "#4d4d4d", "#5b6f00", "#3f51b5"];

    public static string Color(int index) => Colors[index % Colors.Length];
}

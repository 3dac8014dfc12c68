using System.Globalization;
using System.Text;

namespace Latent.Trainer.Commands;

/// <summary>Formats curves of test NLL against epochs as a Markdown table: one row per number of epochs, one column per curve.</summary>
internal static class CurveTable
{
    public static string Of(IReadOnlyList<(string Name, IReadOnlyList<(double Passes, double Nll)> Points)> curves)
    {
        var text = new StringBuilder();
        text.Append($"| epochs | {string.Join(" | ", curves.Select(curve => curve.Name))} |\n");
        text.Append($"|---:|{string.Concat(curves.Select(_ => "---:|"))}\n");
        foreach (var passes in curves.SelectMany(curve => curve.Points).Select(point => point.Passes).Distinct().Order())
        {
            var cells = curves.Select(curve =>
                string.Concat(curve.Points.Where(p => p.Passes == passes).Select(p => p.Nll.ToString("0.00", CultureInfo.InvariantCulture)))
            );
            text.Append($"| {passes.ToString("N0", CultureInfo.InvariantCulture)} | {string.Join(" | ", cells)} |\n");
        }

        return text.ToString();
    }
}

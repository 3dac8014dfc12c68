using System.Globalization;
using System.Text;

namespace Latent.Trainer.Commands;

/// <summary>Curves of test NLL against passes as a Markdown table: a line for each number of passes, a column a curve.</summary>
internal static class CurveTable
{
    public static string Of(IReadOnlyList<(string Name, IReadOnlyList<(double Passes, double Nll)> Points)> curves)
    {
        var text = new StringBuilder();
        text.Append($"| passes | {string.Join(" | ", curves.Select(curve => curve.Name))} |\n");
        text.Append($"|---:|{string.Concat(curves.Select(_ => "---:|"))}\n");
        foreach (var passes in curves.SelectMany(curve => curve.Points).Select(point => point.Passes).Distinct().Order())
        {
            var cells = curves.Select(curve => string.Concat(curve.Points.Where(p => p.Passes == passes).Select(p => p.Nll.ToString("0.00", CultureInfo.InvariantCulture))));
            text.Append($"| {passes.ToString("N0", CultureInfo.InvariantCulture)} | {string.Join(" | ", cells)} |\n");
        }

        return text.ToString();
    }
}

using System.Globalization;
using System.Net;
using Latent.Trainer.Report.Charts;

namespace Latent.Trainer.Report.Sections;

/// <summary>The error of each column of a table as a bar, the worst first, split by label where there are two.</summary>
internal static class ColumnErrors
{
    private const int Most = 40;

    public static Section? Build(ReportContext context)
    {
        if (context.Image is not null)
        {
            return null;
        }

        var features = context.Graphs.Features;
        var labels = context.Data.Labels;
        (string? Name, Func<int, bool> Has)[] groups = context.Ranking is { } ranking
            ? [Group(ranking.Negative), Group(ranking.Positive)]
            : [(null, _ => true)];
        var rows = groups.Select(group => Enumerable.Range(0, context.Data.Rows.Length / features).Where(group.Has).ToList()).ToList();
        var columns = (context.Table is null ? InDeviations(context, rows) : OfCells(context, rows))
            .OrderByDescending(column => column.Errors.Max())
            .ToList();
        if (columns.Count == 0)
        {
            return null;
        }

        var longest = columns[0].Errors.Max();
        var lines = columns
            .Take(Most)
            .Select(column =>
            {
                var bars = column.Errors.Select((error, g) => Bar(error, longest, g, groups[g].Name));
                return $"<tr><th scope='row' title='{Text(column.Name)}'>{Text(column.Name)}</th><td>{string.Concat(bars)}</td></tr>";
            });
        var names = groups.Select((group, g) => $"<span><i style='color:{Palette.Color(g)}'></i>{Text(group.Name ?? "")}</span> ");
        var legend = groups.Length == 1 ? "" : $"<p class='legend'>{string.Concat(names)}</p>";
        var left = columns.Count > Most ? $" The {Most} worst of {columns.Count} columns." : "";
        var unit = groups.Length == 1 ? "over the rows" : $"over the rows of {groups[0].Name}";
        var note = context.Table is null
            ? $"Root mean squared error of the reconstruction, in standard deviations of the column {unit}:"
                + $" 1 is as bad as giving the column's mean.{left}"
            : $"Mean error of the cells that are not missing, as a multiple of what is usual for the column on rows that were not learned"
                + $" from: the row's score has the mean of these over its columns.{left}";
        return new Section(
            "columns",
            "Errors by column",
            $"<table class='bars'>{string.Concat(lines)}</table>{legend}<p class='note'>{Text(note)}</p>"
        );

        (string?, Func<int, bool>) Group(string label) => ($"label {label}", i => labels![i] == label);
    }

    // The first group's spread is the unit: an error of 1 is as bad as giving its mean.
    private static IEnumerable<(string Name, List<double> Errors)> InDeviations(ReportContext context, List<List<int>> groups)
    {
        var features = context.Graphs.Features;
        for (var c = 0; c < features; c++)
        {
            var deviation = Deviation([.. groups[0].Select(i => (double)context.Data.Rows[(i * features) + c])]);
            if (deviation > 0)
                yield return (context.Columns[c], groups.ConvertAll(group => Error(context, group, c, features) / deviation));
        }
    }

    private static IEnumerable<(string Name, List<double> Errors)> OfCells(ReportContext context, List<List<int>> groups)
    {
        var columns = context.Graphs.Features;
        for (var c = 0; c < columns; c++)
        {
            var present = groups.ConvertAll(group =>
                group.Select(i => (i * columns) + c).Where(at => !context.Cells!.IsMissing(c, context.Data.Rows[at])).ToList()
            );
            if (present.Exists(cells => cells.Count > 0))
            {
                yield return (
                    context.Columns[c],
                    present.ConvertAll(cells => cells.Count == 0 ? 0 : cells.Average(at => (double)context.FeatureErrors[at]))
                );
            }
        }
    }

    private static string Bar(double error, double longest, int group, string? name)
    {
        var value = Verdict.Say(error);
        var wide = (80 * error / Math.Max(longest, 1e-12)).ToString("0.##", CultureInfo.InvariantCulture);
        var title = Text(name is null ? value : $"{name}: {value}");
        return $"<div title='{title}'><i style='width:{wide}%;background:{Palette.Color(group)}'></i>{value}</div>";
    }

    private static double Error(ReportContext context, List<int> rows, int column, int features) =>
        Math.Sqrt(
            rows.Select(i => (i * features) + column).Average(at => Math.Pow((double)context.Data.Rows[at] - context.AllOutputs[at], 2))
        );

    private static double Deviation(List<double> values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

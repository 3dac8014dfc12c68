using System.Globalization;
using System.Net;

namespace Latent.Trainer.Report.Sections;

/// <summary>A row of a table for people: some of its columns, each with value, expected value and error.</summary>
internal static class RowCard
{
    // An error this much above the usual one stands out.
    private const double High = 3;

    /// <summary>Draws the row.</summary>
    /// <param name="context">The report's rows.</param>
    /// <param name="row">Number of the row among all.</param>
    /// <param name="columns">The columns, in the order in which they are shown.</param>
    /// <param name="inShares">
    /// Whether an error is a share of the sum over the row's columns, rather than a multiple of the usual one.
    /// </param>
    public static string Of(ReportContext context, int row, IReadOnlyList<int> columns, bool inShares = false)
    {
        var count = context.Graphs.Features;
        var errors = context.FeatureErrors.AsSpan(row * count, count).ToArray();
        var sum = errors.Sum(error => (double)error);
        var lines = columns.Select(column =>
        {
            var at = (row * count) + column;
            var isMissing = context.Cells!.IsMissing(column, context.Data.Rows[at]);
            var error =
                isMissing ? ""
                : inShares ? (sum > 0 ? errors[column] / sum : 0).ToString("0 %", CultureInfo.InvariantCulture)
                : errors[column].ToString(errors[column] < 100 ? "0.0" : "0", CultureInfo.InvariantCulture);
            var stands = !inShares && errors[column] >= High ? " class='high'" : "";
            return $"<tr{stands}><th scope='row'>{Text(context.Columns[column])}</th><td>{Text(context.Cells.Value(column, context.Data.Rows[at]))}</td>"
                + $"<td>{Text(context.Cells.Expected(column, context.AllOutputs[at]))}</td><td>{error}</td></tr>";
        });
        var score = context.Scores[row];
        var place = context.Data.Places is { } places ? places[row] : new Data.RowPlace(null, row);
        var number = place.Row.ToString("N0", CultureInfo.InvariantCulture) + (place.File is { } file ? $" of {Text(file)}" : "");
        var p = context.Manifest.Scores is { } usual ? $" · p-value {Verdict.Say(usual.PValue(score))}" : "";
        var label = context.Data.Labels is { } labels ? $" · label {Text(labels[row])}" : "";
        return $"<article><h3>Row {number}</h3><p>score {Verdict.Say(score)}{p}{label}</p>"
            + $"<table><tr><th>column</th><th>value</th><th>expected</th><th>{(inShares ? "share" : "error")}</th></tr>"
            + $"{string.Concat(lines)}</table></article>";
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

namespace Latent.Trainer.Report.Sections;

/// <summary>The rows of a table with the highest scores, each with the columns that are to blame.</summary>
internal static class UnusualRows
{
    private const int Most = 20;
    private const int Columns = 3;

    public static Section? Build(ReportContext context)
    {
        if (context.Table is null)
            return null;
        var columns = context.Graphs.Features;
        var rows = Enumerable.Range(0, context.Scores.Length).OrderByDescending(row => context.Scores[row]).Take(Most).ToList();
        var cards = rows.Select(row =>
        {
            var worst = Enumerable.Range(0, columns).OrderByDescending(c => context.FeatureErrors[(row * columns) + c]);
            return RowCard.Of(context, row, [.. worst.Take(Columns)], inShares: true);
        });
        var distance =
            context.Manifest.Recipe.Score.Density == Contracts.Recipes.DensityKind.None
                ? ""
                : " The score also has the distance from what was learned, which is of the whole row.";
        var usual = context.Manifest.Scores is null
            ? ""
            : " The p-value is the share of normal held-out rows whose score is at least as high.";
        var numbered = context.Data.Places is null ? "" : ", numbered by their place in the table from 0 as Scorer does";
        var note =
            $"The {rows.Count} highest scores of {context.Scores.Length} {context.Kind} rows{numbered}, and the columns that are"
            + $" reconstructed worst: the share is of the errors of all columns. A word that is"
            + $" expected as it is has an error too, if it was not sure.{distance}{usual}";
        return new Section("unusual", "Unusual rows", $"<p class='note'>{note}</p><div class='cards'>{string.Concat(cards)}</div>");
    }
}

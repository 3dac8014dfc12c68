using Latent.Trainer.Report.Charts;

namespace Latent.Trainer.Report.Sections;

/// <summary>Of tables with two labels how well the score tells them apart: the ROC curve, and precision over recall.</summary>
internal static class Detection
{
    public static Section? Build(ReportContext context)
    {
        if (context.Image is not null || context.Ranking is not { } ranking)
        {
            return null;
        }

        var (whole, above) = ((0.0, 1.0), (0.0, 1.02));
        var roc = new Plot("ROC curve", "false positive rate", "true positive rate", whole, above, height: 360) { FindsNearest = true };
        roc.Line("score", 0, ranking.Roc);
        roc.Line("chance", 7, [(0, 0), (1, 1)], dashed: true);
        var precision = new Plot("Precision and recall", "recall", "precision", whole, above, height: 360) { FindsNearest = true };
        precision.Line("score", 0, ranking.PrecisionRecall);
        precision.Line("chance", 7, [(0, ranking.Chance), (1, ranking.Chance)], dashed: true);
        var why = context.Table is null || 2 * ranking.Positives < ranking.Rows ? ", the rarer," : "";
        var rows = $"{ranking.Positives} of {ranking.Rows} rows have the label {ranking.Positive}{why} which counts as positive";
        var chance = $"chance is {Verdict.Say(ranking.Chance)}, the share of positives";
        var html =
            ReportContext.Figure(roc, $"AUROC {Verdict.Say(ranking.Auroc)}. {rows}.")
            + ReportContext.Figure(precision, $"Average precision {Verdict.Say(ranking.AveragePrecision)}; {chance}.");
        return new Section(
            "detection",
            context.Table is null ? "Rows of the rarer label" : "Finding anomalies",
            $"<div class='charts two'>{html}</div>"
        );
    }
}

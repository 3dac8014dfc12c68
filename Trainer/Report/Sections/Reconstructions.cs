using Latent.Trainer.Report.Images;

namespace Latent.Trainer.Report.Sections;

/// <summary>
/// Originals, codes and reconstructions side by side; of models of noisy images noisy, code, if there is one, denoised and clean; of
/// tables the cells of some rows and what was expected in their place.
/// </summary>
internal static class Reconstructions
{
    private const int Shown = 20;
    private const int ShownRows = 8;
    private const int ShownColumns = 20;

    public static Section? Build(ReportContext context)
    {
        if (context.Table is not null)
            return OfTable(context);
        if (context.Image is not { } image)
        {
            return null;
        }

        var rows = context.Spread(Shown);
        var denoising = context.Data.Noisy is not null;
        float[][] columns = denoising ? [context.Inputs, context.Outputs, context.Rows] : [context.Rows, context.Outputs];
        var picture = ImageGrid.DrawWithCodes(
            [.. columns.Select(column => ReportContext.Take(column, context.Graphs.Features, rows))],
            ReportContext.Take(context.Codes, context.Latent, rows),
            context.Latent,
            image,
            rows.Length
        );
        var trained = context.Data.HeldOut ? "rows never trained on" : "rows that were trained on";
        var caption =
            !context.Graphs.HasCodes ? $"Noisy input, denoised, clean; {trained}."
            : denoising ? $"Noisy input, its code (blue negative, red positive), denoised, clean; {trained}."
            : $"Input, its code (blue negative, red positive), reconstruction from the mean code; {trained}.";
        var (title, name) = denoising ? ("Denoising", "denoising") : ("Reconstructions", "reconstructions");
        return new Section("reconstructions", title, context.Figure(picture, name, caption));
    }

    private static Section OfTable(ReportContext context)
    {
        var columns = context.Graphs.Features;
        var cards = context
            .Spread(ShownRows)
            .Select(shown =>
            {
                var row = context.Shown[shown];
                var worst = Enumerable.Range(0, columns).OrderByDescending(c => context.FeatureErrors[(row * columns) + c]);
                return RowCard.Of(context, row, [.. worst.Take(ShownColumns).Order()]);
            });
        var left = columns > ShownColumns ? $" Of {columns} columns the {ShownColumns} with the largest errors." : "";
        var trained = context.Data.HeldOut ? "rows never trained on" : "rows that were trained on";
        var note =
            $"Cells and what the model expects in their place, of {trained}; error as a multiple of what is usual for the column.{left}";
        return new Section(
            "reconstructions",
            "Reconstructions",
            $"<div class='cards'>{string.Concat(cards)}</div><p class='note'>{note}</p>"
        );
    }
}

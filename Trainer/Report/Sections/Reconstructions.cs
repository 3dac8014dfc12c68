using Latent.Trainer.Report.Images;

namespace Latent.Trainer.Report.Sections;

/// <summary>Originals, codes and reconstructions side by side; of denoisers noisy, code, denoised and clean.</summary>
internal static class Reconstructions
{
    private const int Shown = 20;

    public static Section? Build(ReportContext context)
    {
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
        var caption = denoising
            ? $"Noisy input, its code (blue negative, red positive), denoised, clean; {trained}."
            : $"Input, its code (blue negative, red positive), reconstruction from the mean code; {trained}.";
        var (title, name) = denoising ? ("Denoising", "denoising") : ("Reconstructions", "reconstructions");
        return new Section("reconstructions", title, context.Figure(picture, name, caption));
    }
}

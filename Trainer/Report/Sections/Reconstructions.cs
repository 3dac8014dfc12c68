using Latent.Trainer.Report.Pictures;

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

        var n = Math.Min(Shown, context.Count);
        var size = n * context.Graphs.Features;
        var denoising = context.Data.Noisy is not null;
        float[][] columns = denoising
            ? [context.Inputs[..size], context.Outputs[..size], context.Rows[..size]]
            : [context.Rows[..size], context.Outputs[..size]];
        var picture = PictureGrid.DrawWithCodes(columns, context.Codes[..(n * context.Latent)], context.Latent, image, n);
        var caption = denoising
            ? "Noisy input, its code (blue negative, red positive), denoised, clean; rows never trained on."
            : "Input, its code (blue negative, red positive), reconstruction from the mean code; rows never trained on.";
        return new Section("reconstructions", denoising ? "Denoising" : "Reconstructions", context.Figure(picture, denoising ? "denoising" : "reconstructions", caption));
    }
}

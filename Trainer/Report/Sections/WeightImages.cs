using Latent.Contracts.Bundles;
using Latent.Trainer.Report.Images;

namespace Latent.Trainer.Report.Sections;

/// <summary>The encoder's first and the decoder's last weights as images.</summary>
internal static class WeightImages
{
    private const int Most = 64;

    public static Section? Build(ReportContext context)
    {
        if (context.Image is not { } image)
        {
            return null;
        }

        var html = Draw(context, image, "encoder", last: false) + Draw(context, image, "decoder", last: true);
        return html.Length == 0 ? null : new Section("weights", "Weights", $"<div class='row'>{html}</div>");
    }

    private static string Draw(ReportContext context, ImageDescription image, string part, bool last)
    {
        // Of an ensemble those of its first member.
        var prefix = context.Manifest.Recipe.Ensemble > 1 ? "member0." : "";
        var layers = context
            .Data.Weights.Where(w =>
                w.Key.StartsWith($"{prefix}{part}.", StringComparison.Ordinal) && w.Key.EndsWith(".weight", StringComparison.Ordinal)
            )
            .Where(w => w.Value.Shape.Length >= 2)
            .OrderBy(w => int.TryParse(w.Key[prefix.Length..].Split('.')[1], out var index) ? index : 0)
            .ToList();
        // An encoder without layers of its own begins with the code's linear layer.
        if (layers.Count == 0 && !last)
            layers = [.. context.Data.Weights.Where(w => w.Key == $"{prefix}mean.weight")];
        if (layers.Count == 0)
        {
            return "";
        }

        var (name, (shape, values)) = last ? layers[^1] : layers[0];
        var which = last ? "Decoder's last weights" : "Encoder's first weights";
        var features = image.Channels * image.Height * image.Width;
        if (shape.Length == 4)
        {
            var (high, wide) = ((int)shape[2], (int)shape[3]);
            var kernels = values.Chunk(high * wide).Take(Most).ToList();
            return context.Figure(
                ImageGrid.DrawSigned(kernels, high, wide, 16),
                $"{part}-weights",
                $"{which} ({name}): {kernels.Count} of {shape[0] * shape[1]} kernels, {high}×{wide}; blue negative, red positive."
            );
        }

        if (shape[last ? 0 : 1] != features || image.Channels != 1)
        {
            return "";
        }

        // A linear layer is [out, in]: a unit is a row of the encoder's, a column of the decoder's.
        var units = (int)shape[last ? 1 : 0];
        var tiles = Enumerable
            .Range(0, Math.Min(units, Most))
            .Select(u =>
                last ? [.. Enumerable.Range(0, features).Select(f => values[f * units + u])] : values[(u * features)..((u + 1) * features)]
            )
            .ToList();
        return context.Figure(
            ImageGrid.DrawSigned(tiles, image.Height, image.Width, 16),
            $"{part}-weights",
            $"{which} ({name}): {tiles.Count} of {units} hidden units; blue negative, red positive, each on its own range."
        );
    }
}

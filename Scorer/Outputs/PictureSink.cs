using System.Globalization;
using Latent.Contracts.Bundles;
using Latent.Scorer.Inputs;
using Microsoft.ML.Data;

namespace Latent.Scorer.Outputs;

/// <summary>A folder of PNG pictures, named as the pictures they were made from or, of other inputs, by row.</summary>
internal sealed class PictureSink : RowSink
{
    private readonly WholeFile _whole;
    private readonly ImageDescription _image;

    public PictureSink(string folder, ImageDescription image)
    {
        _whole = new WholeFile(folder, isFolder: true);
        _image = image;
    }

    public override void Write(RowBatch batch) => Parallel.For(0, batch.Count, row =>
    {
        var name = batch.Kept[row] is [var file, ..] ? file : batch.Positions[row].ToString("D8", CultureInfo.InvariantCulture);
        // Two pictures that differ in their extension alone stay two.
        var path = Path.Combine(_whole.TemporaryPath, name.EndsWith(".png", StringComparison.OrdinalIgnoreCase) ? name : name + ".png");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var picture = MakePicture(batch.Result(row));
        picture.Save(path);
    });

    public override void Complete() => _whole.Complete();

    public override void Dispose() => _whole.Dispose();

    private MLImage MakePicture(ReadOnlySpan<float> values)
    {
        var size = _image.Height * _image.Width;
        var pixels = new byte[4 * size];
        for (var i = 0; i < size; i++)
        {
            for (var channel = 0; channel < 3; channel++)
            {
                var value = values[(_image.Channels == 1 ? 0 : channel * size) + i];
                pixels[4 * i + channel] = (byte)Math.Clamp(MathF.Round(value), 0, 255);
            }
            pixels[4 * i + 3] = 255;
        }
        return MLImage.CreateFromPixels(_image.Width, _image.Height, MLPixelFormat.Rgba32, pixels);
    }
}

using System.Globalization;
using System.Runtime.ExceptionServices;
using Latent.Contracts.Bundles;
using Latent.Scorer.Inputs;

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

    public override void Write(RowBatch batch)
    {
        try
        {
            Parallel.For(0, batch.Count, row => Save(batch, row));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    public override void Complete() => _whole.Complete();

    public override void Dispose() => _whole.Dispose();

    private void Save(RowBatch batch, int row)
    {
        var name = batch.Kept[row] is [var file, ..] ? file : batch.Positions[row].ToString("D8", CultureInfo.InvariantCulture);
        // Two pictures that differ in their extension alone stay two.
        var path = Path.Combine(_whole.TemporaryPath, name.EndsWith(".png", StringComparison.OrdinalIgnoreCase) ? name : name + ".png");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var picture = PictureWriter.ToImage(batch.Result(row), _image);
        picture.Save(path);
    }
}

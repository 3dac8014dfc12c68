using System.Globalization;
using System.Runtime.ExceptionServices;
using Latent.Contracts.Bundles;
using Latent.Data.Rows;

namespace Latent.Data.Images;

/// <summary>Writes a folder of PNG images, named as the images they were made from or, for other inputs, by row.</summary>
internal sealed class ImageSink(string folder, ImageDescription image) : RowSink
{
    private readonly PictureFolder _folder = new(folder);

    public override void Write(RowBatch batch)
    {
        var names = Enumerable.Range(0, batch.Count).Select(row => NameOf(batch, row)).ToArray();
        for (var row = 0; row < names.Length; row++)
        {
            if (batch.Kept[row].Length > 0)
                _folder.Claim(names[row]);
        }

        try
        {
            Parallel.For(0, batch.Count, row => _folder.Save(names[row], PngFile.Encode(batch.Result(row), image)));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    public override void Complete() => _folder.Complete();

    public override void Dispose() => _folder.Dispose();

    private static string NameOf(RowBatch batch, int row) =>
        PictureFolder.NameOf(batch.Kept[row] is [var file, ..] ? file : batch.Positions[row].ToString("D8", CultureInfo.InvariantCulture));
}

using System.Globalization;
using System.Runtime.ExceptionServices;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Files;
using Latent.Data.Files;
using Latent.Data.Rows;

namespace Latent.Data.Images;

/// <summary>Writes a folder of PNG images, named as the images they were made from or, for other inputs, by row.</summary>
internal sealed class ImageSink : RowSink
{
    private readonly string _folder;
    private readonly AtomicFile _whole;
    private readonly ImageDescription _image;
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);

    public ImageSink(string folder, ImageDescription image)
    {
        _folder = folder;
        _whole = new AtomicFile(folder, isFolder: true);
        _image = image;
    }

    public override void Write(RowBatch batch)
    {
        var names = Enumerable.Range(0, batch.Count).Select(row => NameOf(batch, row)).ToArray();
        for (var row = 0; row < names.Length; row++)
        {
            if (batch.Kept[row].Length > 0 && !_names.Add(names[row]))
            {
                throw new LatentException(
                    $"Two inputs would both become {Path.Combine(_folder, names[row])}; one of them must be renamed."
                );
            }
        }

        try
        {
            Parallel.For(0, batch.Count, row => Save(batch.Result(row), names[row]));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    public override void Complete() => _whole.Complete();

    public override void Dispose() => _whole.Dispose();

    // Two images that differ only in their extension stay two.
    private static string NameOf(RowBatch batch, int row)
    {
        var name = batch.Kept[row] is [var file, ..] ? file : batch.Positions[row].ToString("D8", CultureInfo.InvariantCulture);
        return name.EndsWith(".png", StringComparison.OrdinalIgnoreCase) ? name : name + ".png";
    }

    private void Save(ReadOnlySpan<float> values, string name)
    {
        var path = Path.GetFullPath(Path.Combine(_whole.TemporaryPath, name));
        if (!RealPath.IsInside(_whole.TemporaryPath, path))
            throw new LatentException($"An image named {name} would be written outside {_folder}; it must be renamed.");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, PngFile.Encode(values, _image));
    }
}

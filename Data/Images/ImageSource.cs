using System.Collections.Concurrent;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Data.Files;
using Latent.Data.Rows;

namespace Latent.Data.Images;

/// <summary>Reads images of a folder or a pattern, decoded and resized on all cores; the folder of an image is its label.</summary>
internal sealed class ImageSource : RowSource
{
    private readonly ConcurrentBag<(ImageDecoder Decoder, ImageScaler Scaler)> _tools = [];
    private readonly ImageDescription _image;
    private readonly int _maxPixels;
    private readonly InputFolder _folder;
    private readonly long _from;
    private readonly long _to;
    private long _next;

    /// <summary>Lists the images.</summary>
    /// <param name="input">A folder, with all its subfolders, or a pattern.</param>
    /// <param name="image">The size to which the images are resized.</param>
    /// <param name="shard">The part of the images that is read.</param>
    /// <param name="batchSize">Rows of a batch, between which shards are cut.</param>
    /// <param name="maxPixels">The largest number of pixels of an image.</param>
    /// <exception cref="LatentException">There are no images, or the folder can't be read.</exception>
    public ImageSource(string input, ImageDescription image, Shard shard, int batchSize, int maxPixels = ImageDecoder.MaxPixels)
    {
        (_image, _maxPixels) = (image, maxPixels);
        _folder = Find(input);
        (_from, _to) = shard.Range(_folder.Files.Length, batchSize);
        _next = _from;
        LeftOut = shard.IsFirst ? _folder.LeftOut : [];
    }

    /// <summary>Lists the images of a folder, with all its subfolders, or of a pattern.</summary>
    /// <exception cref="LatentException">There are no images, or the folder can't be read.</exception>
    public static InputFolder Find(string input)
    {
        var folder = InputFolder.Find(input, WhyNot);
        if (folder.Files.Length > 0)
            return folder;
        var others = folder.LeftOut.Length > 0 ? $" among its {folder.LeftOut.Length} files" : "";
        throw new LatentException($"{input} holds no image{others}; PNG, JPEG, WebP, GIF, BMP and PNM (PBM, PGM, PPM) are read.");
    }

    public override int RowLength => _image.Channels * _image.Height * _image.Width;

    public override long? Count => _to - _from;

    public override IReadOnlyList<string> KeptNames => ["file"];

    public override IReadOnlyList<SkippedInput> LeftOut { get; }

    public override double? Progress => _to == _from ? 1 : (double)(_next - _from) / (_to - _from);

    public override bool Read(RowBatch batch, CancellationToken cancellation)
    {
        var first = _next;
        batch.Consumed = (int)Math.Min(batch.Capacity, _to - first);
        var problems = new string?[batch.Consumed];
        // Image by image: shares of the batch would end at different times.
        var next = -1;
        Parallel.For(
            0,
            Environment.ProcessorCount,
            new ParallelOptions { CancellationToken = cancellation },
            _ =>
            {
                if (!_tools.TryTake(out var tools))
                    tools = (new ImageDecoder(_maxPixels, _image.Background), new ImageScaler(_image));
                while (Interlocked.Increment(ref next) is var i && i < batch.Consumed && !cancellation.IsCancellationRequested)
                    problems[i] = Read(_folder.Files[first + i], batch.Row(i), tools.Decoder, tools.Scaler);
                _tools.Add(tools);
            }
        );
        cancellation.ThrowIfCancellationRequested();
        for (var i = 0; i < batch.Consumed; i++)
        {
            var file = _folder.Files[first + i];
            if (problems[i] is { } problem)
            {
                batch.Skipped.Add(new SkippedInput(file, problem));
                continue;
            }
            // Rows that could be read close up over those that could not.
            if (batch.Count < i)
                batch.Row(i).CopyTo(batch.Row(batch.Count));
            batch.Positions[batch.Count] = first + i;
            batch.Labels[batch.Count] = file.Contains('/') ? file[..file.LastIndexOf('/')] : ".";
            batch.Kept[batch.Count++] = [file];
        }

        _next = first + batch.Consumed;
        return batch.Consumed > 0;
    }

    // A file with an image's name that is not an image is reported when it is read.
    private static string? WhyNot(string path) =>
        ImageFormats.HasExtension(path) || ImageFormats.BeginsAsImage(path)
            ? null
            : $"{path} is not an image that can be read: PNG, JPEG, WebP, GIF, BMP and PNM (PBM, PGM, PPM) are.";

    private string? Read(string file, Span<float> row, ImageDecoder decoder, ImageScaler scaler)
    {
        try
        {
            var picture = decoder.Decode(Path.Combine(_folder.Path, file));
            scaler.Fill(picture.Pixels, red: 0, picture.Width, picture.Height, row);
            return null;
        }
        catch (LatentException e)
        {
            return e.Message;
        }
        finally
        {
            decoder.Release();
        }
    }
}

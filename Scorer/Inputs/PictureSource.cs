using System.Collections.Concurrent;
using Latent.Contracts;
using Latent.Contracts.Bundles;

namespace Latent.Scorer.Inputs;

/// <summary>Pictures of a folder, decoded and resized on all cores.</summary>
internal sealed class PictureSource : RowSource
{
    private readonly ConcurrentBag<PictureReader> _readers = [];
    private readonly ImageDescription _image;
    private readonly string _folder;
    private readonly string[] _files;
    private readonly long _from;
    private readonly long _to;
    private long _next;

    public PictureSource(string input, ImageDescription image, Shard shard, int batchSize)
    {
        _image = image;
        (_folder, _files) = PictureFiles.Find(input);
        (_from, _to) = shard.Range(_files.Length, batchSize);
        _next = _from;
    }

    public override IReadOnlyList<string> KeptNames => ["file"];

    public override double? Progress => _to == _from ? 1 : (double)(_next - _from) / (_to - _from);

    public override bool Read(RowBatch batch, CancellationToken cancellation)
    {
        var first = _next;
        batch.Consumed = (int)Math.Min(batch.Capacity, _to - first);
        var problems = new string?[batch.Consumed];
        Parallel.For(0, batch.Consumed, new ParallelOptions { CancellationToken = cancellation },
            i => problems[i] = Read(_files[first + i], batch.Row(i)));
        for (var i = 0; i < batch.Consumed; i++)
        {
            var file = _files[first + i];
            if (problems[i] is { } problem)
            {
                batch.Skipped.Add(new SkippedInput(file, problem));
                continue;
            }
            // Rows that could be read close up over those that could not.
            if (batch.Count < i)
                batch.Row(i).CopyTo(batch.Row(batch.Count));
            batch.Positions[batch.Count] = first + i;
            batch.Kept[batch.Count++] = [file];
        }
        _next = first + batch.Consumed;
        return batch.Consumed > 0;
    }

    private string? Read(string file, Span<float> row)
    {
        var path = Path.Combine(_folder, file);
        if (!_readers.TryTake(out var reader))
            reader = new PictureReader(_image);
        try
        {
            reader.Read(path, row);
            return null;
        }
        catch (LatentException e)
        {
            return e.Message;
        }
        finally
        {
            _readers.Add(reader);
        }
    }
}

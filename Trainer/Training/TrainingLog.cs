using System.Text;
using Latent.Contracts;
using Latent.Contracts.Training;

namespace Latent.Trainer.Training;

/// <summary>training.jsonl: a line of JSON an epoch.</summary>
internal sealed class TrainingLog : IDisposable
{
    private readonly FileStream _stream;

    /// <summary>Opens the log and cuts off what a later checkpoint than the one that is continued from had added.</summary>
    public TrainingLog(string path, long bytes)
    {
        try
        {
            _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
            _stream.SetLength(Math.Min(bytes, _stream.Length));
            _stream.Seek(0, SeekOrigin.End);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LatentException($"{path} could not be written: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>Bytes written.</summary>
    public long Bytes => _stream.Length;

    public void Add(EpochRecord record)
    {
        try
        {
            _stream.Write(Encoding.UTF8.GetBytes(record.ToJson() + "\n"));
            _stream.Flush();
        }
        catch (IOException e)
        {
            throw new LatentException($"{_stream.Name} could not be written: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>Brings what was written to disk; a checkpoint that counts its bytes must not get there first.</summary>
    public void Sync()
    {
        try
        {
            _stream.Flush(flushToDisk: true);
        }
        catch (IOException e)
        {
            throw new LatentException($"{_stream.Name} could not be written: {e.Message.TrimEnd('.')}.", e);
        }
    }

    public void Dispose() => _stream.Dispose();
}

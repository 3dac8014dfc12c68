using System.Text;
using System.Text.Json;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Files;
using Latent.Contracts.Training;

namespace Latent.Trainer.Training.Listeners;

/// <summary>Writes training.jsonl, with one line of JSON per epoch.</summary>
internal sealed class TrainingLog : ITrainingListener, IDisposable
{
    private readonly FileStream _stream;

    /// <summary>Opens the log and cuts off what was added after the checkpoint from which training continues.</summary>
    public TrainingLog(string path, long bytes)
    {
        try
        {
            _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
            _stream.SetLength(Math.Min(bytes, _stream.Length));
            _stream.Seek(0, SeekOrigin.End);
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw FileError.CannotWrite(path, e);
        }
    }

    /// <summary>Reads every epoch of a finished log; none if there is no log.</summary>
    /// <param name="folder">The folder that the log lies in.</param>
    /// <exception cref="LatentException">A line is not an epoch's record.</exception>
    public static IReadOnlyList<EpochRecord> Read(string folder)
    {
        var path = Path.Combine(folder, BundleFile.NameOf(BundleRole.Log));
        return File.Exists(path) ? [.. File.ReadLines(path).Index().Where(line => line.Item.Length > 0).Select(Parse)] : [];

        EpochRecord Parse((int Index, string Text) line)
        {
            try
            {
                return EpochRecord.Parse(line.Text);
            }
            catch (JsonException e)
            {
                throw new LatentException($"Line {line.Index + 1} of {path} is not an epoch's record: {FileError.Reason(e)}.", e);
            }
        }
    }

    /// <summary>Gets the number of bytes written.</summary>
    public long Bytes => _stream.Length;

    public void EpochEnded(TrainingLoop loop, EpochEnd epoch)
    {
        try
        {
            _stream.Write(Encoding.UTF8.GetBytes(epoch.Record.ToJson() + "\n"));
            _stream.Flush();
        }
        catch (IOException e)
        {
            throw FileError.CannotWrite(_stream.Name, e);
        }
    }

    /// <summary>Flushes the log to disk, before a checkpoint that counts its bytes.</summary>
    public void Sync()
    {
        try
        {
            _stream.Flush(flushToDisk: true);
        }
        catch (IOException e)
        {
            throw FileError.CannotWrite(_stream.Name, e);
        }
    }

    public void Dispose() => _stream.Dispose();
}

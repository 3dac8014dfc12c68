using Latent.Contracts.Training;

namespace Latent.Trainer.Report;

/// <summary>The epochs that a folder's training.jsonl holds.</summary>
internal static class EpochLog
{
    /// <summary>Reads every epoch; none where there is no log.</summary>
    public static IReadOnlyList<EpochRecord> Read(string folder)
    {
        var path = Path.Combine(folder, "training.jsonl");
        return File.Exists(path) ? [.. File.ReadLines(path).Where(line => line.Length > 0).Select(EpochRecord.Parse)] : [];
    }
}

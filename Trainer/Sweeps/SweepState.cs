using System.Text;
using Latent.Contracts.Bundles;
using Latent.Contracts.Training;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Training.Listeners;

namespace Latent.Trainer.Sweeps;

/// <summary>Represents how far a run of a sweep is, by what lies in the sweep's folder.</summary>
/// <param name="Run">The run.</param>
/// <param name="Manifest">The manifest of its bundle; null if it isn't finished.</param>
/// <param name="Failure">Why it ended without a bundle; null if it didn't.</param>
/// <param name="Epochs">The epochs made, up to the last checkpoint of an unfinished run.</param>
internal sealed record SweepState(SweepRun Run, BundleManifest? Manifest, string? Failure, IReadOnlyList<EpochRecord> Epochs)
{
    /// <summary>Gets whether nothing is left to train of the run.</summary>
    public bool HasEnded => Manifest is not null || Failure is not null;

    /// <summary>Gets the number of epochs made.</summary>
    public int Epoch => Epochs.Count == 0 ? 0 : Epochs[^1].Epoch;

    /// <summary>Reads the state of a run.</summary>
    public static SweepState Of(string folder, SweepRun run)
    {
        var bundle = Path.Combine(folder, run.Name);
        if (File.Exists(Path.Combine(bundle, ManifestFile.Name)))
            return new SweepState(run, ManifestFile.Read(bundle), null, TrainingLog.Read(bundle));
        if (File.Exists(FailurePath(folder, run)))
            return new SweepState(run, null, File.ReadAllText(FailurePath(folder, run)).Trim(), []);
        return new SweepState(run, null, null, Unfinished(RunFolder.PathFor(bundle)));
    }

    /// <summary>Gets the path of the file that says why a run failed; without it, the run is trained again.</summary>
    public static string FailurePath(string folder, SweepRun run) => Path.Combine(folder, run.Name + ".failed.txt");

    /// <summary>
    /// Gets the validation loss after a number of epochs: the lowest so far where the best weights are kept, otherwise that of the last.
    /// </summary>
    /// <param name="keepsBest">Whether the best weights are kept.</param>
    /// <param name="epochs">Number of epochs.</param>
    /// <returns>The loss; infinite if the run failed or has made no epoch.</returns>
    public double Loss(bool keepsBest, int epochs = int.MaxValue)
    {
        double[] losses =
        [
            .. Epochs
                .Where(epoch => epoch.Epoch <= epochs)
                .Select(epoch => epoch.Validation?["loss"] ?? double.NaN)
                .Select(loss => double.IsNaN(loss) ? double.PositiveInfinity : loss),
        ];
        return losses.Length == 0 ? double.PositiveInfinity
            : keepsBest ? losses.Min()
            : losses[^1];
    }

    private static List<EpochRecord> Unfinished(string folder)
    {
        if (!Directory.Exists(folder) || new CheckpointStore(folder).LoadNewest(_ => { }) is not { State.Position: { } position })
            return [];
        var bytes = File.ReadAllBytes(Path.Combine(folder, BundleFile.NameOf(BundleRole.Log))).AsSpan(0, (int)position.LogBytes);
        return [.. Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(EpochRecord.Parse)];
    }
}

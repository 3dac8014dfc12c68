using System.Diagnostics;
using Latent.Models.Objectives;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Engines;
using static TorchSharp.torch;

namespace Latent.Trainer.Training.Listeners;

/// <summary>
/// Saves checkpoints: after training.checkpointSeconds, at the end of epochs that took more than a second, and when training ends or is
/// stopped.
/// </summary>
/// <param name="folder">The folder of the checkpoints.</param>
/// <param name="fingerprint">SHA-256 of the training data.</param>
/// <param name="log">The log, which is flushed to disk before a checkpoint that counts its bytes.</param>
/// <param name="best">The best epoch so far.</param>
/// <param name="stepsBefore">Number of steps of the checkpoint from which training is resumed; 0 if there is none.</param>
internal sealed class CheckpointSaver(RunFolder folder, string fingerprint, TrainingLog log, BestWeights best, long stepsBefore)
    : ITrainingListener
{
    private const double ShortEpochSeconds = 1;
    private readonly Stopwatch _sinceLast = Stopwatch.StartNew();

    /// <summary>Gets where the last good checkpoint is, in words, or null.</summary>
    public string? LastGood { get; private set; } =
        stepsBefore == 0 ? null : FormattableString.Invariant($"the one of step {stepsBefore} in {folder.Path}");

    public void StepEnded(TrainingLoop loop, Losses losses, int rows)
    {
        if (loop.Position.StepInEpoch < loop.StepsPerEpoch && IsDue(loop))
            Save(loop);
    }

    public void EpochEnded(TrainingLoop loop, EpochEnd epoch)
    {
        if (loop.Position.Finished || epoch.Seconds > ShortEpochSeconds || IsDue(loop))
            Save(loop);
    }

    public void Stopped(TrainingLoop loop) => Save(loop);

    private bool IsDue(TrainingLoop loop) => _sinceLast.Elapsed.TotalSeconds >= loop.Session.Recipe.Training.CheckpointSeconds;

    private void Save(TrainingLoop loop)
    {
        var (session, recipe) = (loop.Session, loop.Session.Recipe);
        var position = loop.Snapshot() with { BestLoss = best.Loss, BestEpoch = best.Epoch, LogBytes = log.Bytes };
        log.Sync();
        var path = folder.Checkpoints.Save(
            session.ToTensors(),
            new CheckpointState
            {
                Tensors = "",
                Sha256 = "",
                Engine = Engine.Name,
                Threads = get_num_threads(),
                Ranks = session.Ranks.Count,
                DataFingerprint = fingerprint,
                StartedFrom = session.StartedFrom,
                Optimizer = recipe.Optimizer.Kind,
                LearningRate = loop.LearningRate,
                Random = new RandomState(recipe.Training.Seed, position.Step),
                Position = position,
            }
        );
        LastGood = FormattableString.Invariant($"{path} (step {position.Step})");
        _sinceLast.Restart();
    }
}

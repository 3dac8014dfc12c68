using System.Diagnostics;
using Latent.CommandLine;
using Latent.Contracts.Training;
using Latent.Models.Objectives;
using Latent.Trainer.Progress;

namespace Latent.Trainer.Training.Listeners;

/// <summary>Shows steps, epochs and the time left on a display.</summary>
/// <param name="display">The display.</param>
/// <param name="stepsBefore">Number of steps made in earlier sessions, which say nothing about the speed of this one.</param>
internal sealed class ProgressListener(ITrainingDisplay display, long stepsBefore) : ITrainingListener
{
    private const double SecondsBetweenSteps = 0.1;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private double _lastStep;
    private double _lastLine;

    public void StepEnded(TrainingLoop loop, Losses losses, int rows)
    {
        var now = _clock.Elapsed.TotalSeconds;
        if (loop.Session.Recipe.Training.LineSeconds is { } seconds && now - _lastLine >= seconds)
        {
            _lastLine = now;
            SayLosses(loop, losses, rows);
        }

        if (now - _lastStep < SecondsBetweenSteps)
            return;
        _lastStep = now;
        var means = loop.CollectLosses();
        var position = loop.Position;
        var total = (double)loop.Epochs * loop.StepsPerEpoch;
        var left = now / (position.Step - stepsBefore) * (total - position.Step);
        display.Step(
            new StepProgress(
                position.Epoch + 1,
                loop.Epochs,
                position.Step / total,
                means,
                loop.SamplesPerSecond,
                now < 1 ? null : TimeSpan.FromSeconds(left)
            )
        );
    }

    public void EpochEnded(TrainingLoop loop, EpochEnd epoch) => display.Epoch(epoch.Record, loop.Epochs);

    // Whatever is minimized (another bound, a weighted KL, a penalty on the weights), the sum of the two terms stays comparable.
    private void SayLosses(TrainingLoop loop, Losses losses, int rows)
    {
        var value = losses.Terms["reconstruction"].item<float>() + (losses.Terms.TryGetValue("kl", out var kl) ? kl.item<float>() : 0);
        var what = loop.Session.Model.IsVariational ? "-ELBO" : "loss";
        display.Say(
            FormattableString.Invariant(
                $"{ProgressText.Time(TimeSpan.FromSeconds(loop.Seconds))}  step {loop.Position.Step}  {what} of a random minibatch of {rows}: {MetricFormat.Loss(value)}"
            )
        );
    }
}

using Latent.Contracts.Recipes;

namespace Latent.Trainer.Training;

/// <summary>Computes the learning rate of every epoch by the recipe's schedule.</summary>
public sealed class LearningRateSchedule
{
    private const int BurdaStages = 8;
    private readonly Recipe _recipe;

    /// <summary>Initializes a new instance of the <see cref="LearningRateSchedule"/> class from a recipe.</summary>
    public LearningRateSchedule(Recipe recipe)
    {
        _recipe = recipe;
        Epochs = recipe.Schedule.Kind == ScheduleKind.BurdaStages ? Enumerable.Range(0, BurdaStages).Sum(Passes) : recipe.Training.Epochs;
    }

    /// <summary>Gets the number of epochs: training.epochs, or the sum of Burda's stages.</summary>
    public int Epochs { get; }

    /// <summary>Gets the learning rate of an epoch, counted from 0.</summary>
    public double At(int epoch)
    {
        var (schedule, rate) = (_recipe.Schedule, _recipe.Optimizer.LearningRate);
        return schedule.Kind switch
        {
            ScheduleKind.Step => rate * Math.Pow(schedule.Gamma, epoch / schedule.StepEpochs),
            ScheduleKind.Exponential => rate * Math.Pow(schedule.Gamma, epoch),
            ScheduleKind.Cosine => schedule.MinimumRate + ((rate - schedule.MinimumRate) * 0.5 * (1 + Math.Cos(Math.PI * epoch / Epochs))),
            ScheduleKind.BurdaStages => rate * Math.Pow(10, -Stage(epoch) / 7.0),
            _ => rate,
        };
    }

    /// <summary>
    /// Tells whether one of Burda's stages ends with an epoch, counted from 0; other schedules are divided likewise, at 1, 4, 13, 40, …
    /// epochs.
    /// </summary>
    public bool EndsStage(int epoch) => epoch == Epochs - 1 || Stage(epoch) != Stage(epoch + 1);

    private int Stage(int epoch)
    {
        var stage = 0;
        for (var end = Passes(0); epoch >= end && stage < BurdaStages - 1; end += Passes(stage))
            stage++;
        return stage;
    }

    private int Passes(int stage) =>
        (int)Math.Max(1, Math.Round(Math.Pow(3, stage) * _recipe.Schedule.Scale, MidpointRounding.AwayFromZero));
}

using Latent.Contracts.Recipes;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Data;
using Latent.Trainer.Tests.Helpers;
using Latent.Trainer.Training;
using TorchSharp;

namespace Latent.Trainer.Tests.Training;

public sealed class TrainingLoopTests
{
    private const int StepsPerEpoch = 4;

    [Fact]
    public void The_schedule_sets_the_rate_of_every_epoch()
    {
        var still = new ScheduleRecipe
        {
            Kind = ScheduleKind.Step,
            StepEpochs = 1,
            Gamma = 1e-30,
        };
        var once = Trained(Epochs(1)).After;
        Assert.Equal(once, Trained(Epochs(2) with { Schedule = still }).After);
        Assert.NotEqual(once, Trained(Epochs(2)).After);
    }

    [Fact]
    public void Clipped_gradients_move_the_weights_by_their_norm_at_most()
    {
        const double Norm = 1e-3;
        var recipe = Epochs(1) with
        {
            Optimizer = new OptimizerRecipe
            {
                Kind = OptimizerKind.Sgd,
                LearningRate = 1,
                ClipNorm = Norm,
            },
        };
        var (before, after) = Trained(recipe);
        var moved = Math.Sqrt(before.Zip(after, (a, b) => ((double)a - b) * ((double)a - b)).Sum());
        Assert.InRange(moved, Norm, StepsPerEpoch * Norm * 1.01);
    }

    [Fact]
    public void The_rate_of_an_epoch_counts_all_its_rows()
    {
        var recipe = Epochs(1);
        var data = DataLoader.Load(recipe);
        using var session = new TrainingSession(recipe, data.Train, torch.CPU);
        var recorder = new Recorder();
        using var loop = new TrainingLoop(session, data.Train, new TrainingPosition(), recorder);
        Assert.True(loop.Run(TestContext.Current.CancellationToken));
        var epoch = Assert.Single(recorder.Epochs);
        Assert.True(epoch.Record.SamplesPerS * epoch.Seconds >= 0.99 * data.Train.Count);
    }

    private static Recipe Epochs(int count) => Recipes.Tiny with { Training = Recipes.Tiny.Training with { Epochs = count } };

    private static (float[] Before, float[] After) Trained(Recipe recipe)
    {
        var data = DataLoader.Load(recipe);
        using var session = new TrainingSession(recipe, data.Train, torch.CPU);
        using var loop = new TrainingLoop(session, data.Train, new TrainingPosition());
        var before = Weights(session);
        Assert.True(loop.Run(TestContext.Current.CancellationToken));
        Assert.Equal(StepsPerEpoch * recipe.Training.Epochs, loop.Position.Step);
        return (before, Weights(session));
    }

    private static float[] Weights(TrainingSession session) =>
        [.. session.Model.parameters().SelectMany(p => p.detach().data<float>().ToArray())];

    private sealed class Recorder : ITrainingListener
    {
        public List<EpochEnd> Epochs { get; } = [];

        public void EpochEnded(TrainingLoop loop, EpochEnd epoch) => Epochs.Add(epoch);
    }
}

using Latent.Contracts.Recipes;
using Latent.Trainer.Tests.Helpers;
using Latent.Trainer.Training;

namespace Latent.Trainer.Tests.Training;

public sealed class LearningRateScheduleTests
{
    [Fact]
    public void Schedules_give_the_rates_that_they_say()
    {
        Rates(new() { Kind = ScheduleKind.Constant }, 3, [1, 1, 1]);
        Rates(
            new()
            {
                Kind = ScheduleKind.Step,
                StepEpochs = 2,
                Gamma = 0.5,
            },
            5,
            [1, 1, 0.5, 0.5, 0.25]
        );
        Rates(new() { Kind = ScheduleKind.Exponential, Gamma = 0.1 }, 3, [1, 0.1, 0.01]);
        Rates(
            new() { Kind = ScheduleKind.Cosine, MinimumRate = 0.2 },
            4,
            [1, 0.2 + (0.4 * (1 + Math.Sqrt(0.5))), 0.6, 0.2 + (0.4 * (1 - Math.Sqrt(0.5)))]
        );
    }

    [Fact]
    public void Burdas_stages_are_3_280_passes_with_rates_from_1_to_a_tenth()
    {
        var rates = new LearningRateSchedule(Of(new() { Kind = ScheduleKind.BurdaStages }, 1));
        Assert.Equal(3280, rates.Epochs);
        Assert.Equal(1, rates.At(0), 12);
        Assert.Equal(Math.Pow(10, -1 / 7.0), rates.At(1), 12);
        Assert.Equal(Math.Pow(10, -1 / 7.0), rates.At(3), 12);
        Assert.Equal(Math.Pow(10, -2 / 7.0), rates.At(4), 12);
        Assert.Equal(0.1, rates.At(3279), 12);
        Assert.Equal(0.1, rates.At(3280 - 2187), 12);
        Assert.Equal(Math.Pow(10, -6 / 7.0), rates.At(3280 - 2188), 12);
    }

    [Fact]
    public void Burdas_stages_shrink_by_the_scale_and_none_vanishes() =>
        Assert.Equal(
            1 + 1 + 1 + 1 + 1 + 2 + 7 + 22,
            new LearningRateSchedule(Of(new() { Kind = ScheduleKind.BurdaStages, Scale = 0.01 }, 1)).Epochs
        );

    [Fact]
    public void Burdas_stages_end_after_1_4_13_passes_and_so_on_and_other_schedules_are_divided_likewise()
    {
        Assert.Equal([1, 4, 13, 40, 121, 364, 1093, 3280], Ends(new() { Kind = ScheduleKind.BurdaStages }));
        Assert.Equal([1, 2, 3, 4, 5, 7, 14, 36], Ends(new() { Kind = ScheduleKind.BurdaStages, Scale = 0.01 }));
        Assert.Equal([1, 4, 10], Ends(new() { Kind = ScheduleKind.Step }));
    }

    private static IEnumerable<int> Ends(ScheduleRecipe schedule)
    {
        var rates = new LearningRateSchedule(Of(schedule, 10));
        return Enumerable.Range(1, rates.Epochs).Where(passes => rates.EndsStage(passes - 1));
    }

    private static void Rates(ScheduleRecipe schedule, int epochs, double[] expected)
    {
        var rates = new LearningRateSchedule(Of(schedule, epochs));
        Assert.Equal(epochs, rates.Epochs);
        for (var epoch = 0; epoch < epochs; epoch++)
            Assert.Equal(expected[epoch], rates.At(epoch), 12);
    }

    private static Recipe Of(ScheduleRecipe schedule, int epochs) =>
        Recipes.Tiny with
        {
            Schedule = schedule,
            Optimizer = new OptimizerRecipe { LearningRate = 1 },
            Training = new TrainingRecipe { Epochs = epochs },
        };
}

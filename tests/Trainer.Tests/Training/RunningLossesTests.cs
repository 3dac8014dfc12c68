using Latent.Models.Objectives;
using Latent.Trainer.Training;
using static TorchSharp.torch;

namespace Latent.Trainer.Tests.Training;

public sealed class RunningLossesTests
{
    [Fact]
    public void Means_are_weighted_by_rows_and_come_when_they_are_collected()
    {
        using var sums = new RunningLosses(new Dictionary<string, double> { ["loss"] = 10, ["kl"] = 1 }, 5);
        sums.Add(1, 3, Of(2, 4));
        sums.Add(2, 2, Of(5, 0.5f));
        Assert.Equal(5, sums.Rows);
        Assert.Null(sums.Collect());
        Assert.Equal(10, sums.Rows);
        Assert.Equal(["loss", "kl"], sums.Means.Keys);
        Assert.Equal((10 + 6 + 10) / 10.0, sums.Means["loss"], 12);
        Assert.Equal((1 + 12 + 1) / 10.0, sums.Means["kl"], 12);
    }

    [Fact]
    public void The_first_step_that_is_not_finite_is_named()
    {
        using var sums = new RunningLosses();
        sums.Add(7, 1, Of(1, 1));
        sums.Add(8, 1, Of(float.PositiveInfinity, 1));
        sums.Add(9, 1, Of(float.NaN, 1));
        Assert.Equal(8, sums.Collect());
    }

    private static Losses Of(float loss, float kl) =>
        new(tensor(loss), new Dictionary<string, Tensor> { ["loss"] = tensor(loss), ["kl"] = tensor(kl) });
}

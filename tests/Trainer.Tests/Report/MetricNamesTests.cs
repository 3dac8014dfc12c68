using Latent.Contracts.Recipes;
using Latent.Trainer.Report;
using Latent.Trainer.Tests.Commands;

namespace Latent.Trainer.Tests.Report;

public class MetricNamesTests
{
    [Theory]
    [InlineData("test.reconstruction", "Test reconstruction error", "nats per row")]
    [InlineData("test.kl", "Test KL", "nats per row")]
    [InlineData("train.loss", "Training loss", "nats per row")]
    [InlineData("validation.bound", "Validation bound on the log-likelihood", "nats per row")]
    [InlineData("seconds", "Training time", "s")]
    [InlineData("evaluate.active_units", "Active dimensions of the code", "of 3")]
    [InlineData("test.denoised.psnr", "PSNR of denoised test images", "dB")]
    [InlineData("something.else", "something.else", "")]
    public void Metrics_have_names_and_units(string key, string name, string unit) =>
        Assert.Equal((name, unit), MetricNames.Of(key, MetricTableTests.Manifest(new AboutRecipe(), new ScheduleRecipe(), [])));

    [Fact]
    public void The_unit_of_a_loss_is_that_of_its_terms()
    {
        var manifest = MetricTableTests.Manifest(new AboutRecipe(), new ScheduleRecipe(), []);
        var objective = new ObjectiveRecipe { Reconstruction = ReconstructionKind.MeanSquaredError, Reduction = ReductionKind.Mean };
        manifest = manifest with { Recipe = manifest.Recipe with { Objective = objective } };
        Assert.Equal("squared error per value", MetricNames.Of("test.reconstruction", manifest).Unit);
        Assert.Equal("squared error per value plus nats", MetricNames.Of("test.loss", manifest).Unit);
    }
}

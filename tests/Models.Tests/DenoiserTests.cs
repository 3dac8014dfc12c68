using Latent.Models.Objectives;
using static TorchSharp.torch;

namespace Latent.Models.Tests;

public sealed class DenoiserTests
{
    [Fact]
    public void One_that_predicts_the_noise_subtracts_what_its_layers_give()
    {
        using var scope = NewDisposeScope();
        using var image = Fixtures.Model(Fixtures.Denoiser("image"), 3, 8, 6);
        using var noise = Fixtures.Model(Fixtures.Denoiser("noise"), 3, 8, 6);
        var x = rand([4, 3, 8, 6], generator: Fixtures.Generator(2));
        // The same seed gives the same weights.
        var (given, expected) = (Fixtures.Values(noise.Denoise(x)), Fixtures.Values(x - image.Denoise(x)));
        Assert.All(given.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-6f));
    }

    [Theory]
    [InlineData("image")]
    [InlineData("noise")]
    public void The_loss_is_the_error_of_the_denoised_image_and_its_gradient_reaches_every_layer(string predict)
    {
        using var scope = NewDisposeScope();
        using var model = Fixtures.Model(Fixtures.Denoiser(predict), 3, 8, 6);
        var clean = rand([4, 3, 8, 6], generator: Fixtures.Generator(2));
        var noisy = clean + (randn([4, 3, 8, 6], generator: Fixtures.Generator(3)) * 0.1);
        var losses = Objective.Create(model.Recipe).Compute(model, noisy, clean, 1);
        var expected = (model.Denoise(noisy) - clean).square().mean();
        Assert.Equal(Fixtures.Value(expected), Fixtures.Value(losses.Total), 1e-6f);
        Assert.Equal(["loss", "reconstruction"], losses.Terms.Keys.Order(StringComparer.Ordinal));
        losses.Total.backward();
        foreach (var (name, parameter) in model.named_parameters())
        {
            Assert.StartsWith("encoder.", name);
            Assert.True(Fixtures.Value(parameter.grad!.square().sum()) > 0, name);
        }
    }

    [Fact]
    public void It_has_no_codes()
    {
        using var scope = NewDisposeScope();
        using var model = Fixtures.Model(Fixtures.Denoiser("noise"), 3, 8, 6);
        Assert.Equal(
            "test is a denoiser, which has no codes.",
            Assert.Throws<InvalidOperationException>(() => model.Encode(rand([1, 3, 8, 6], generator: Fixtures.Generator(1)))).Message
        );
        using var other = Fixtures.Model(Fixtures.Small("\"reconstruction\": \"meanSquaredError\""), 4);
        Assert.Equal(
            "test is no denoiser: its images have codes.",
            Assert.Throws<InvalidOperationException>(() => other.Denoise(rand([1, 4], generator: Fixtures.Generator(1)))).Message
        );
    }
}

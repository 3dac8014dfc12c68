using Latent.Contracts.Recipes;
using Latent.Trainer.Data;
using Latent.Trainer.Tests.Helpers;
using Latent.Trainer.Training;
using static TorchSharp.torch;

namespace Latent.Trainer.Tests.Training;

public sealed class MinibatchesTests
{
    [Fact]
    public void Noise_is_in_what_is_encoded_and_not_in_what_is_to_be_reconstructed()
    {
        var (clean, same) = Take(Recipes.Tiny);
        Assert.Equal(clean, same);
        var (input, target) = Take(
            Recipes.Tiny with
            {
                Noise = new NoiseRecipe { Kind = NoiseKind.Masking, Amount = 0.5 },
            }
        );
        Assert.Equal(clean, target);
        Assert.All(clean.Zip(input), p => Assert.True(p.Second == 0 || p.Second == p.First));
        Assert.Contains(clean.Zip(input), p => p.First != p.Second);
    }

    [Fact]
    public void Dynamic_binarisation_gives_one_draw_of_zeros_and_ones_to_both()
    {
        var dynamic = Recipes.Tiny with { Data = Recipes.Tiny.Data with { Binarization = BinarizationKind.Dynamic } };
        var (input, target) = Take(dynamic);
        Assert.Contains(Take(Recipes.Tiny).Input, v => v is > 0 and < 1);
        Assert.Equal(input, target);
        Assert.Equal([0f, 1f], target.Distinct().Order());
        Assert.NotEqual(target, Take(dynamic, seed: 2).Target);
    }

    private static (float[] Input, float[] Target) Take(Recipe recipe, ulong seed = 1)
    {
        using var scope = NewDisposeScope();
        var data = DataLoader.Load(recipe);
        using var session = new TrainingSession(recipe, data.Train, CPU);
        using var batches = new Minibatches(data.Train, session.Model, CPU);
        var (input, target) = batches.Take(0, 20, new Generator(seed));
        return (input.data<float>().ToArray(), target.data<float>().ToArray());
    }
}

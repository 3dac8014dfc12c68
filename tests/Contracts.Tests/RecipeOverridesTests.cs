using Latent.Contracts.Recipes;

namespace Latent.Contracts.Tests;

public sealed class RecipeOverridesTests
{
    [Fact]
    public void Keys_of_every_kind_can_be_set()
    {
        var recipe = Samples.With(
            "training.epochs=7",
            "optimizer.learningRate=1e-4",
            "data.path=some/where=else.csv",
            "data.label=3",
            "encoder[0].out=12",
            "encoder.1.type=tanh",
            "data.columns=[\"a\", \"b\"]",
            "objective.bound=iwae",
            "objective.samples = 5",
            "training.keepBest=true",
            "noise={\"kind\": \"masking\", \"amount\": 0.2}"
        );
        Assert.Equal(
            (7, 1e-4, "some/where=else.csv", "3"),
            (recipe.Training.Epochs, recipe.Optimizer.LearningRate, recipe.Data.Path, recipe.Data.Label)
        );
        Assert.Equal((12, LayerType.Tanh), (recipe.Encoder[0].Out, recipe.Encoder[1].Type));
        Assert.Equal((BoundKind.Iwae, 5, true), (recipe.Objective.Bound, recipe.Objective.Samples, recipe.Training.KeepBest));
        Assert.Equal(["a", "b"], recipe.Data.Columns!);
        Assert.Equal((NoiseKind.Masking, 0.2), (recipe.Noise.Kind, recipe.Noise.Amount));
    }

    [Fact]
    public void Null_takes_a_key_back_to_its_default() => Assert.Equal(10, Samples.With("training.epochs=null").Training.Epochs);

    [Theory]
    [InlineData("training.epoch=3", "--set training.epoch: epoch is not a known key; did you mean epochs?")]
    [InlineData("training", "--set training is not of the form key=value, such as training.epochs=3.")]
    [InlineData("=3", "--set =3 is not of the form key=value, such as training.epochs=3.")]
    [InlineData("encoder[9].out=3", "--set encoder[9].out: there is no [9]; the list has 2 entries, counted from 0.")]
    [InlineData("encoder.out=3", "--set encoder.out: out follows a list; it must be an index such as [0].")]
    [InlineData("name.first=3", "--set name.first: first is not a known key")]
    [InlineData("training.epochs=-3", "training.epochs is -3; it must be at least 1 (recipes/x.json).")]
    [InlineData("training.epochs=many", "training.epochs is \"many\"; it must be a whole number (recipes/x.json).")]
    [InlineData("objective.bound=iwe", "; did you mean iwae?")]
    public void A_wrong_assignment_is_told(string assignment, string message) =>
        Assert.Contains(message, Assert.Throws<LatentException>(() => Samples.With(assignment)).Message);
}

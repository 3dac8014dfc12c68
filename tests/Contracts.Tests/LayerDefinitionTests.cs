using System.Text.Json;
using Latent.Contracts.Layers;
using Latent.Contracts.Recipes;

namespace Latent.Contracts.Tests;

public sealed class LayerDefinitionTests
{
    private static readonly LayerType[] s_types = Enum.GetValues<LayerType>();

    [Fact]
    public void Every_kind_is_defined_with_keys_that_recipes_have()
    {
        var keys = typeof(LayerRecipe)
            .GetProperties()
            .Select(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name))
            .Except(["type"])
            .ToList();
        Assert.Equal(s_types, LayerDefinitions.All.Keys.Order());
        foreach (var type in s_types)
        {
            var definition = LayerDefinition.Of(type);
            Assert.Empty(definition.Keys.Except(keys));
            Assert.Empty(definition.RequiredKeys.Except(definition.Keys));
        }

        Assert.Empty(keys.Except(s_types.SelectMany(type => LayerDefinition.Of(type).Keys)));
    }

    [Fact]
    public void A_kind_that_does_not_exist_is_refused() =>
        Assert.Equal("There is no layer of kind 99.", Assert.Throws<LatentException>(() => LayerDefinition.Of((LayerType)99)).Message);

    [Theory]
    [InlineData(LayerType.Linear, "[features]", "; put flatten before it")]
    [InlineData(LayerType.BatchNorm1d, "[features]", "")]
    [InlineData(LayerType.Unflatten, "[features]", "")]
    [InlineData(LayerType.BatchNorm2d, "[channels, height, width]", "")]
    [InlineData(LayerType.Conv2d, "[channels, height, width]", "; put unflatten before it, or give data.image")]
    [InlineData(LayerType.ConvTranspose2d, "[channels, height, width]", "; put unflatten before it, or give data.image")]
    [InlineData(LayerType.MaxPool2d, "[channels, height, width]", "; put unflatten before it, or give data.image")]
    [InlineData(LayerType.AvgPool2d, "[channels, height, width]", "; put unflatten before it, or give data.image")]
    public void Rows_of_another_shape_are_refused(LayerType type, string expected, string hint)
    {
        int[] shape = expected == "[features]" ? [1, 4, 4] : [16];
        var layer = new LayerRecipe
        {
            Type = type,
            Out = 1,
            Kernel = 1,
            Shape = [1, 4, 4],
        };
        var e = Assert.Throws<LatentException>(() => LayerDefinition.Of(type).OutputOf("layer", layer, shape));
        Assert.Equal($"layer takes {expected}, but is given {LayerShapes.Text(shape)}{hint}.", e.Message);
    }

    [Fact]
    public void Every_other_kind_takes_rows_of_any_shape()
    {
        foreach (var type in s_types.Where(type => LayerDefinition.Of(type).Takes is LayerInput.Values or LayerInput.Rows))
        {
            var layer = new LayerRecipe { Type = type, Layers = [new LayerRecipe { Type = LayerType.Relu }] };
            Assert.Equal([12], LayerDefinition.Of(type).OutputOf("layer", layer, [12]));
            Assert.Equal(type == LayerType.Flatten ? [12] : [3, 2, 2], LayerDefinition.Of(type).OutputOf("layer", layer, [3, 2, 2]));
        }
    }
}

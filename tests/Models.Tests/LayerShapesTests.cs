using FsCheck;
using FsCheck.Fluent;
using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Models.Layers;
using static TorchSharp.torch;

namespace Latent.Models.Tests;

public sealed class LayerShapesTests
{
    private static readonly LayerType[] s_types = [LayerType.Conv2d, LayerType.ConvTranspose2d, LayerType.MaxPool2d, LayerType.AvgPool2d];

    [Fact]
    public void Computed_shapes_are_those_that_torch_gives()
    {
        var agreed = 0;
        var cases =
            from type in Gen.Elements(s_types)
            from size in Gen.Choose(1, 12).Two()
            from kernel in Gen.Choose(1, 5)
            from stride in Gen.Choose(1, 4)
            from padding in Gen.Choose(0, kernel / 2)
            from outputPadding in Gen.Choose(0, stride - 1)
            select (type, size, kernel, stride, padding, outputPadding);
        Prop.ForAll(
                Arb.From(cases),
                c =>
                {
                    var pools = c.type is LayerType.MaxPool2d or LayerType.AvgPool2d;
                    var layer = new LayerRecipe
                    {
                        Type = c.type,
                        Out = pools ? null : 3,
                        Kernel = c.kernel,
                        Stride = c.stride,
                        Padding = c.padding,
                        OutputPadding = c.type == LayerType.ConvTranspose2d ? c.outputPadding : null,
                    };
                    var (height, width) = c.size;
                    var recipe = Fixtures.Recipe("""{ "type": "flatten" }""", "", 2) with
                    {
                        Encoder = [layer, new LayerRecipe { Type = LayerType.Flatten }],
                    };
                    IReadOnlyList<int> shape;
                    try
                    {
                        shape = LayerShapes.Of(recipe with { Decoder = Back(height, width) }, [2, height, width]).Encoder[0];
                    }
                    catch (LatentException e)
                    {
                        Assert.Matches("has room for|takes all of them away", e.Message);
                        return;
                    }

                    using var scope = NewDisposeScope();
                    var output = LayerKind.Of(layer.Type).Create(layer, [2, height, width]).call(zeros(1, 2, height, width));
                    Assert.Equal(shape.Select(n => (long)n), output.shape[1..]);
                    agreed++;
                }
            )
            .Check(Config.QuickThrowOnFailure.WithQuietOnSuccess(true).WithMaxTest(300).WithReplay(20261120, 1));
        Assert.True(agreed > 200, $"Only {agreed} cases could be compared.");
    }

    private static LayerRecipe[] Back(int height, int width) =>
        [new() { Type = LayerType.Linear, Out = 2 * height * width }, new() { Type = LayerType.Unflatten, Shape = [2, height, width] }];
}

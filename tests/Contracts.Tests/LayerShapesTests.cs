using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;

namespace Latent.Contracts.Tests;

public sealed class LayerShapesTests
{
    private static readonly Recipe s_convolutional = RecipeFile.Parse(
        """
        {
          "name": "conv", "kind": "autoencoder", "data": { "source": "npy" },
          "encoder": [
            { "type": "relu" }, { "type": "conv2d", "out": 8, "kernel": 3, "stride": 2, "padding": 1 }, { "type": "batchNorm2d" }, { "type": "maxPool2d", "kernel": 2 },
            { "type": "avgPool2d", "kernel": 3, "stride": 2, "padding": 1 }, { "type": "flatten" }, { "type": "batchNorm1d" }, { "type": "dropout", "p": 0.1 }
          ],
          "latent": { "dimension": 5 },
          "decoder": [
            { "type": "linear", "out": 512 }, { "type": "unflatten", "shape": [8, 8, 8] },
            { "type": "convTranspose2d", "out": 4, "kernel": 3, "stride": 4, "padding": 0, "outputPadding": 1 }, { "type": "convTranspose2d", "out": 1, "kernel": 5, "stride": 2, "padding": 1 }
          ],
          "objective": { "reconstruction": "meanSquaredError" }
        }
        """,
        "conv.json"
    );

    [Fact]
    public void Every_output_shape_is_computed()
    {
        var shapes = LayerShapes.Of(s_convolutional, [1, 65, 65]);
        Assert.Equal(
            ["[1, 65, 65]", "[8, 33, 33]", "[8, 33, 33]", "[8, 16, 16]", "[8, 8, 8]", "[512]", "[512]", "[512]"],
            shapes.Encoder.Select(LayerShapes.Text)
        );
        Assert.Equal(["[512]", "[8, 8, 8]", "[4, 32, 32]", "[1, 65, 65]"], shapes.Decoder.Select(LayerShapes.Text));
        Assert.Equal(512, shapes.EncoderFeatures);
    }

    [Theory]
    [InlineData(1, 64, 64, "decoder[3] convTranspose2d gives [1, 65, 65], but the input is [1, 64, 64].")]
    [InlineData(1, 2, 2, "encoder[3] maxPool2d has a kernel of 2 pixels, more than [8, 1, 1] with a padding of 0 has room for.")]
    public void A_layer_that_does_not_fit_is_named(int channels, int height, int width, string message) =>
        Assert.Equal(message, Assert.Throws<LatentException>(() => LayerShapes.Of(s_convolutional, [channels, height, width])).Message);

    [Fact]
    public void Flat_rows_do_not_go_into_a_convolution()
    {
        var e = Assert.Throws<LatentException>(() => LayerShapes.Of(s_convolutional, [4225]));
        Assert.Equal(
            "encoder[1] conv2d takes [channels, height, width], but is given [4225]; put unflatten before it, or give data.image.",
            e.Message
        );
    }

    [Fact]
    public void A_code_needs_flat_features()
    {
        var recipe = s_convolutional with { Encoder = [.. s_convolutional.Encoder.Take(3)] };
        var e = Assert.Throws<LatentException>(() => LayerShapes.Of(recipe, [1, 65, 65]));
        Assert.Equal("The encoder ends in [8, 33, 33], but a code is made of flat features; its last layer must be flatten.", e.Message);
    }

    [Fact]
    public void Without_a_linear_layer_the_encoder_must_end_in_the_code()
    {
        var recipe = Samples.With("kind=autoencoder", "latent.linear=false");
        var e = Assert.Throws<LatentException>(() => LayerShapes.Of(recipe, [8]));
        Assert.Equal("The encoder ends in [16], but latent.dimension is 2; with latent.linear false they must agree.", e.Message);
    }

    [Fact]
    public void Absurd_sizes_are_refused_without_overflow()
    {
        var recipe = s_convolutional with
        {
            Decoder =
            [
                new() { Type = LayerType.Unflatten, Shape = [5, 1, 1] },
                new()
                {
                    Type = LayerType.ConvTranspose2d,
                    Out = 1 << 20,
                    Kernel = 1024,
                    Stride = 1024,
                },
                new()
                {
                    Type = LayerType.ConvTranspose2d,
                    Out = 1 << 20,
                    Kernel = 1024,
                    Stride = 1024,
                },
            ],
        };
        Assert.Contains(
            "more than the 268435456 values",
            Assert.Throws<LatentException>(() => LayerShapes.Of(recipe, [1, 65, 65])).Message
        );
    }

    [Fact]
    public void Images_are_flat_where_the_encoder_begins_with_linear()
    {
        var image = new ImageDescription(3, 4, 5);
        Assert.Equal([60], LayerShapes.RowShape(Samples.Recipe(), image));
        Assert.Equal([3, 4, 5], LayerShapes.RowShape(s_convolutional, image));
    }
}

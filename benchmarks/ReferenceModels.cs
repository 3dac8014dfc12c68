using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Models;
using Latent.Models.Objectives;
using Latent.Trainer.Runs;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Latent.Benchmarks;

/// <summary>The reference models: five that the PyTorch peer trains too, layer for layer, and three of recipes.</summary>
internal static class ReferenceModels
{
    public static readonly string[] Names =
    [
        "mlp-vae",
        "iwae",
        "deep-ae",
        "conv-ae",
        "conv-vae",
        "vae-gated",
        "conv-residual",
        "vq-digits",
    ];

    // Two levels of convolutions with a residual block each way, as in image models of this decade, on images of MNIST's size.
    private const string ConvResidual = """
        {
          "name": "conv-residual",
          "kind": "variational",
          "data": { "source": "idx", "image": { "channels": 1, "height": 28, "width": 28 } },
          "encoder": [
            { "type": "conv2d", "out": 32, "kernel": 4, "stride": 2, "padding": 1 },
            { "type": "residual", "layers": [
              { "type": "groupNorm", "groups": 8 }, { "type": "silu" }, { "type": "conv2d", "out": 32, "kernel": 3, "padding": 1 },
              { "type": "groupNorm", "groups": 8 }, { "type": "silu" }, { "type": "conv2d", "out": 32, "kernel": 3, "padding": 1 } ] },
            { "type": "conv2d", "out": 64, "kernel": 4, "stride": 2, "padding": 1 },
            { "type": "residual", "layers": [
              { "type": "groupNorm", "groups": 8 }, { "type": "silu" }, { "type": "conv2d", "out": 64, "kernel": 3, "padding": 1 },
              { "type": "groupNorm", "groups": 8 }, { "type": "silu" }, { "type": "conv2d", "out": 64, "kernel": 3, "padding": 1 } ] },
            { "type": "silu" },
            { "type": "flatten" }
          ],
          "latent": { "dimension": 32 },
          "decoder": [
            { "type": "linear", "out": 3136 },
            { "type": "unflatten", "shape": [64, 7, 7] },
            { "type": "residual", "layers": [
              { "type": "groupNorm", "groups": 8 }, { "type": "silu" }, { "type": "conv2d", "out": 64, "kernel": 3, "padding": 1 },
              { "type": "groupNorm", "groups": 8 }, { "type": "silu" }, { "type": "conv2d", "out": 64, "kernel": 3, "padding": 1 } ] },
            { "type": "convTranspose2d", "out": 32, "kernel": 4, "stride": 2, "padding": 1 },
            { "type": "residual", "layers": [
              { "type": "groupNorm", "groups": 8 }, { "type": "silu" }, { "type": "conv2d", "out": 32, "kernel": 3, "padding": 1 },
              { "type": "groupNorm", "groups": 8 }, { "type": "silu" }, { "type": "conv2d", "out": 32, "kernel": 3, "padding": 1 } ] },
            { "type": "silu" },
            { "type": "convTranspose2d", "out": 1, "kernel": 4, "stride": 2, "padding": 1 }
          ],
          "objective": { "reconstruction": "bernoulli" },
          "training": { "batchSize": 64 }
        }
        """;

    /// <summary>Tells whether the PyTorch peer trains a model too.</summary>
    public static bool HasPeer(string name) => name is "mlp-vae" or "iwae" or "deep-ae" or "conv-ae" or "conv-vae";

    public static ReferenceModel Create(string name) =>
        name switch
        {
            "mlp-vae" => new(
                "mlp-vae",
                100,
                [784],
                new Vae(Mlp(784, 500), 500, 5, Sequential(Mlp(5, 500), Linear(500, 784)), bernoulli: true)
            ),
            "iwae" => new(
                "iwae",
                20,
                [784],
                new Vae(Mlp(784, 200, 200), 200, 50, Sequential(Mlp(50, 200, 200), Linear(200, 784)), bernoulli: true)
            ),
            "deep-ae" => new(
                "deep-ae",
                80,
                [4096],
                new Plain(
                    Sequential(Linear(4096, 256), ReLU(), Linear(256, 20), ReLU(), Linear(20, 256), ReLU(), Linear(256, 4096), Sigmoid())
                )
            ),
            "conv-ae" => new(
                "conv-ae",
                80,
                [1, 64, 64],
                new Plain(
                    Sequential(
                        Conv2d(1, 32, 3),
                        ReLU(),
                        MaxPool2d(2),
                        Conv2d(32, 64, 3),
                        ReLU(),
                        MaxPool2d(2),
                        Conv2d(64, 128, 3),
                        ReLU(),
                        MaxPool2d(2),
                        Flatten(),
                        Linear(4608, 32),
                        ReLU(),
                        Linear(32, 4608),
                        ReLU(),
                        Unflatten(1, [128, 6, 6]),
                        ConvTranspose2d(128, 128, 5, stride: 2),
                        ReLU(),
                        ConvTranspose2d(128, 64, 3, stride: 2),
                        ReLU(),
                        ConvTranspose2d(64, 32, 2, stride: 2),
                        ReLU(),
                        ConvTranspose2d(32, 1, 3),
                        Sigmoid()
                    )
                )
            ),
            "conv-vae" => new("conv-vae", 32, [1, 128, 128], ConvVae()),
            "conv-residual" => OfRecipe(RecipeFile.Parse(ConvResidual, "a reference model")),
            "vae-gated" or "vq-digits" => OfRecipe(RecipeLibrary.Read(name)),
            _ => throw new ArgumentException($"There is no reference model '{name}'; there are {string.Join(", ", Names)}.", nameof(name)),
        };

    private static ReferenceModel OfRecipe(Recipe recipe)
    {
        var image = recipe.Data.Image ?? new ImageDescription(1, 28, 28);
        var input = new InputDescription
        {
            Shape = LayerShapes.RowShape(recipe, image),
            Unit = InputUnit.Pixel,
            Image = image,
        };
        recipe = LayerShapes.Resolve(recipe, input.NetworkShape());
        return new(recipe.Name, recipe.Training.BatchSize, [.. input.Shape.Select(n => (long)n)], new RecipeLoss(recipe, input));
    }

    private static Vae ConvVae()
    {
        int[] down = [1, 8, 16, 32, 64],
            up = [64, 64, 32, 16, 8];
        var encoder = new List<Module<Tensor, Tensor>>();
        var decoder = new List<Module<Tensor, Tensor>> { Linear(4, 4096), ReLU(), Unflatten(1, [64, 8, 8]) };
        for (var i = 0; i < 4; i++)
        {
            encoder.AddRange([Conv2d(down[i], down[i + 1], 3, stride: 2, padding: 1), ReLU()]);
            decoder.AddRange([ConvTranspose2d(up[i], up[i + 1], 3, stride: 2, padding: 1, output_padding: 1), ReLU()]);
        }

        encoder.AddRange([Flatten(), Linear(4096, 32), ReLU()]);
        decoder.AddRange([Conv2d(8, 1, 3, padding: 1), Sigmoid()]);
        return new Vae(Sequential(encoder), 32, 4, Sequential(decoder), bernoulli: false);
    }

    private static Sequential Mlp(params int[] sizes) =>
        Sequential(sizes.Zip(sizes.Skip(1)).SelectMany(pair => new Module<Tensor, Tensor>[] { Linear(pair.First, pair.Second), Tanh() }));
}

/// <summary>A model with the batch size and row shape that it is timed at.</summary>
internal sealed record ReferenceModel(string Name, int Batch, long[] RowShape, Module<Tensor, Tensor> Loss);

/// <summary>Gives the loss of a batch: encoder, two heads, one sample, decoder; cross-entropy or squared error plus KL.</summary>
internal sealed class Vae : Module<Tensor, Tensor>
{
    private readonly Sequential _encoder;
    private readonly Linear _mean;
    private readonly Linear _logVariance;
    private readonly Sequential _decoder;
    private readonly bool _bernoulli;

    public Vae(Sequential encoder, int hidden, int latent, Sequential decoder, bool bernoulli)
        : base(nameof(Vae))
    {
        (_encoder, _mean, _logVariance, _decoder, _bernoulli) = (
            encoder,
            Linear(hidden, latent),
            Linear(hidden, latent),
            decoder,
            bernoulli
        );
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var h = _encoder.call(x);
        var (mean, logVariance) = (_mean.call(h), _logVariance.call(h));
        var z = mean + exp(0.5 * logVariance) * randn_like(mean);
        var output = _decoder.call(z);
        var reconstruction = _bernoulli
            ? functional.binary_cross_entropy_with_logits(output, x, reduction: Reduction.Sum)
            : functional.mse_loss(output, x, Reduction.Sum);
        return (reconstruction - 0.5 * (1 + logVariance - mean.pow(2) - logVariance.exp()).sum()) / x.shape[0];
    }
}

/// <summary>Gives the mean squared error of a batch.</summary>
internal sealed class Plain : Module<Tensor, Tensor>
{
    private readonly Sequential _net;

    public Plain(Sequential net)
        : base(nameof(Plain))
    {
        _net = net;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => functional.mse_loss(_net.call(x), x);
}

/// <summary>Gives the loss of a batch by a recipe, whose model it holds.</summary>
internal sealed class RecipeLoss : Module<Tensor, Tensor>
{
    private readonly Autoencoder _model;
    private readonly Objective _objective;

    public RecipeLoss(Recipe recipe, InputDescription input)
        : base(nameof(RecipeLoss))
    {
        _model = Autoencoder.Create(recipe, input, new Scaling([0], [1]));
        _objective = Objective.Create(recipe);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x) => _objective.Compute(_model, x, x, beta: 1).Total;
}

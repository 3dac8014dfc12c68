using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Models;
using Latent.Models.Onnx;
using TorchSharp;

namespace Latent.Benchmarks;

/// <summary>Bundles of untrained models: speed doesn't depend on the weights.</summary>
internal static class BenchmarkBundle
{
    /// <summary>Makes a bundle in a folder and gives its path.</summary>
    /// <param name="folder">An existing folder.</param>
    /// <param name="name">"gemm" (784 to 16), "mlp" (784-256-128-16) or "conv" (two strided convolutions of 28x28 images, to 16).</param>
    public static string Create(string folder, string name)
    {
        var image = new ImageDescription(1, 28, 28);
        var convolutional = name == "conv";
        LayerRecipe Linear(int n) => new() { Type = LayerType.Linear, Out = n };
        LayerRecipe Relu() => new() { Type = LayerType.Relu };
        var network = new ConvolutionRecipe { Filters = 8, Depth = 2 };
        var recipe = new Recipe
        {
            Name = name,
            Kind = ModelKind.Autoencoder,
            Data = new DataRecipe { Source = DataSourceKind.Digits, Image = image },
            Encoder = name == "mlp" ? [Linear(256), Relu(), Linear(128), Relu()] : [],
            Latent = new LatentRecipe { Dimension = 16 },
            Decoder =
                name == "mlp" ? [Linear(128), Relu(), Linear(256), Relu(), Linear(784)]
                : convolutional ? []
                : [Linear(784)],
            Convolution = convolutional ? network : null,
            Objective = new ObjectiveRecipe { Reconstruction = ReconstructionKind.Bernoulli },
        };
        recipe = RecipeFile.Parse(RecipeFile.ToJson(recipe), name);
        var input = new InputDescription
        {
            Shape = LayerShapes.RowShape(recipe, image),
            Unit = InputUnit.Pixel,
            Image = image,
        };
        torch.manual_seed(0);
        using var model = Autoencoder.Create(recipe, input, Scaling.For(ScalingKind.Unit, [], 784));
        var manifest = new BundleManifest
        {
            Name = name,
            Kind = recipe.Kind,
            Input = input,
            LatentDimension = 16,
            Reconstruction = new ReconstructionDescription(ReconstructionKind.Bernoulli, ReductionKind.Sum),
            Recipe = recipe,
            Seed = 0,
            Engine = Engine.Name,
            DataFingerprint = "none",
            Files = [],
        };
        var path = Path.Combine(folder, name);
        using var writer = BundleWriter.Begin(path);
        OnnxExport.Write(model, manifest, writer.Folder);
        writer.Complete(manifest);
        return path;
    }
}

using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Models;
using Latent.Models.Objectives;
using Latent.Models.Onnx;
using Latent.Trainer.Data;
using Latent.Trainer.Export;
using Latent.Trainer.Tests.Helpers;
using static TorchSharp.torch;

namespace Latent.Trainer.Tests.Export;

public sealed class GraphCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DataSet _rows = DrawnDigits
        .Draw(40, 1)
        .As(
            new InputDescription
            {
                Shape = [784],
                Unit = InputUnit.Pixel,
                Image = new ImageDescription(1, 28, 28),
            }
        );

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Graphs_of_the_model_itself_agree()
    {
        using var model = Exported(1);
        Assert.InRange(Check(model), 1e-12, 1e-5);
    }

    [Theory]
    [InlineData("encoder.onnx")]
    [InlineData("decoder.onnx")]
    [InlineData("autoencoder.onnx")]
    public void A_graph_of_another_model_is_found_out_and_named(string graph)
    {
        using var other = Exported(2);
        var wrong = File.ReadAllBytes(_folder.File(graph));
        using var model = Exported(1);
        _folder.Write(graph, wrong);
        var error = Assert.Throws<LatentException>(() => Check(model));
        Assert.Contains($"The exported {graph} differs from the model", error.Message);
    }

    [Fact]
    public void A_damaged_graph_is_named()
    {
        using var model = Exported(1);
        _folder.Write("decoder.onnx", File.ReadAllBytes(_folder.File("decoder.onnx"))[..1000]);
        Assert.Contains(
            "The exported decoder.onnx cannot be loaded as an ONNX graph: ",
            Assert.Throws<LatentException>(() => Check(model)).Message
        );
    }

    private double Check(Autoencoder model) => GraphCheck.Run(model, Objective.Create(Recipes.Tiny), _rows, _folder.Path);

    private Autoencoder Exported(long seed)
    {
        manual_seed(seed);
        var model = Autoencoder.Create(Recipes.Tiny, _rows.Input, Scaling.For(Recipes.Tiny.Data.Scaling, [], 784));
        model.eval();
        OnnxExport.Write(
            model,
            new BundleManifest
            {
                Name = "tiny",
                Kind = ModelKind.Variational,
                Input = _rows.Input,
                LatentDimension = 3,
                Reconstruction = new ReconstructionDescription(ReconstructionKind.Bernoulli, ReductionKind.Sum),
                Recipe = Recipes.Tiny,
                Seed = seed,
                Engine = "test",
                DataFingerprint = "",
                Files = [],
            },
            _folder.Path
        );
        return model;
    }
}

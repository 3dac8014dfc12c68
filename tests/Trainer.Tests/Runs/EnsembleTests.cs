using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Commands;
using Latent.Trainer.Data;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Tests.Helpers;
using Microsoft.ML;

namespace Latent.Trainer.Tests.Runs;

/// <summary>Ensembles against single models, trained from the same seed.</summary>
public sealed class EnsembleTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_member_is_the_single_model_to_the_bit_and_the_others_are_not()
    {
        var recipe = Recipes.Tiny with
        {
            Optimizer = new OptimizerRecipe { LearningRate = 0.01, ClipNorm = 0.5 },
        };
        _folder.Train(recipe, "single");
        _folder.Train(recipe with { Ensemble = 3 }, "ensemble");
        var (single, ensemble) = (Weights("single"), Weights("ensemble"));
        Assert.Equal(3 * single.Count, ensemble.Count);
        foreach (var (name, tensor) in single)
        {
            Assert.Equal(tensor.Bytes, ensemble[$"member0.{name}"].Bytes);
            if (name.EndsWith("weight", StringComparison.Ordinal))
                Assert.NotEqual(tensor.Bytes, ensemble[$"member1.{name}"].Bytes);
        }
    }

    [Fact]
    public void An_ensemble_reconstructs_better_than_its_members_and_generates_nothing()
    {
        var recipe = Recipes.Tiny with
        {
            Optimizer = new OptimizerRecipe { LearningRate = 0.01 },
            Ensemble = 3,
        };
        var manifest = _folder.Train(recipe, "x").Manifest!;
        Assert.Equal(9, manifest.LatentDimension);
        Assert.InRange(manifest.Metrics["export.max_relative_difference"], 0, 1e-4);
        using var graphs = new BundleGraphs(BundleFolder.Open(_folder.File("x")));
        var digits = DataLoader.Load(recipe).HeldOut;
        var (outputs, errors) = graphs.Reconstruct(digits.Values);
        // The cross-entropy of the mean is below the mean of the cross-entropies (Jensen).
        var ofMean = digits.Values.Zip(outputs, Nats).Sum() / digits.Count;
        Assert.InRange(ofMean, 1, errors.Average() - 1e-3);
        using var bundle = LatentBundle.Load(_folder.File("x"));
        Assert.Contains("is an ensemble", Assert.Throws<LatentException>(() => new MLContext().Latent().Generate(bundle)).Message);
        Assert.DoesNotContain("id='generation'", File.ReadAllText(_folder.File("x/report.html")));
        Assert.Contains(
            "is an ensemble",
            Assert
                .Throws<LatentException>(() =>
                    DrawCommand.Run(_folder.File("x"), "prior-mean", null, null, null, 3, 1, _folder.File("x.png"), TextWriter.Null)
                )
                .Message
        );
    }

    private static double Nats(float pixel, float output)
    {
        var (x, p) = (pixel / 255.0, Math.Clamp(output / 255.0, 1e-7, 1 - 1e-7));
        return -((x * Math.Log(p)) + ((1 - x) * Math.Log(1 - p)));
    }

    private Dictionary<string, SafeTensor> Weights(string name)
    {
        var path = _folder.File($"{name}/checkpoint.safetensors");
        return SafeTensorsFile.Parse(File.ReadAllBytes(path), path);
    }
}

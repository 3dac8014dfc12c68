using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Commands;
using Latent.Trainer.Data;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Report;
using Latent.Trainer.Tests.Helpers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Trainer.Tests.Commands;

public sealed class SamplerCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("gaussian")]
    [InlineData("mixture", "sampler.components=5")]
    [InlineData("vamp", "sampler.pseudoInputs=8")]
    [InlineData("realNvp", "sampler.steps=2", "sampler.hidden=8")]
    [InlineData("maf", "sampler.steps=2", "sampler.hidden=8")]
    [InlineData("twoStage", "sampler.hidden=16")]
    public void A_sampler_makes_codes_likelier_than_the_prior_does_and_draws_in_its_graph(string kind, params string[] assignments)
    {
        var before = _folder.Train(Recipes.Tiny, "x").Manifest!;
        Assert.Equal(0, Fit("x", kind, ["sampler.epochs=40", .. assignments]));
        var bundle = BundleFolder.Open(_folder.File("x"));
        var manifest = bundle.Manifest;
        Assert.Equal(kind, RecipeNames.Of(manifest.Recipe.Sampler!.Kind));
        Assert.Equal(before.Metrics["test.loss"], manifest.Metrics["test.loss"]);
        Assert.True(manifest.Metrics["sampler.nll"] < manifest.Metrics["sampler.prior_nll"], $"{kind}: {manifest.Metrics["sampler.nll"]}");

        // Draws of the graph have the mean and the variance of codes.
        using var graphs = new BundleGraphs(bundle);
        var random = new Random(1);
        var drawn = Moments(Predictive.Prior(graphs, 4000, random), 3);
        var rows = DataLoader.Load(manifest.Recipe).Train;
        var (mean, logVariance) = graphs.Encode(rows.Values);
        float[] codes =
        [
            .. Enumerable
                .Range(0, 40)
                .SelectMany(_ => mean.Select((m, i) => m + (MathF.Exp(logVariance[i] / 2) * Predictive.Gaussian(random)))),
        ];
        foreach (var ((drawnMean, drawnVariance), (codeMean, codeVariance)) in drawn.Zip(Moments(codes, 3)))
        {
            var deviation = Math.Sqrt(codeVariance);
            Assert.InRange(drawnMean, codeMean - (0.35 * deviation), codeMean + (0.35 * deviation));
            Assert.InRange(drawnVariance / codeVariance, 0.5, 1.6);
        }
    }

    [Fact]
    public void A_plain_autoencoder_generates_with_a_sampler_and_not_without()
    {
        var plain = Recipes.Tiny with { Kind = ModelKind.Autoencoder };
        _folder.Train(plain, "x");
        using (var bundle = LatentBundle.Load(_folder.File("x")))
        {
            var refused = Assert.Throws<LatentException>(() => new MLContext().Latent().Generate(bundle, new() { Count = 3 }));
            Assert.Contains("sampler", refused.Message);
        }

        Fit("x", "gaussian");
        using var fitted = LatentBundle.Load(_folder.File("x"));
        var rows = new MLContext(1).Latent().Generate(fitted, new() { Count = 20 });
        Assert.Equal(20, rows.GetColumn<float[]>("Output").Distinct(Rows).Count());
        Assert.Contains("vamp", Assert.Throws<LatentException>(() => Fit("x", "vamp")).Message);
    }

    [Fact]
    public void A_recipe_with_a_sampler_is_fitted_when_training_ends_as_by_the_command()
    {
        var sampler = new SamplerRecipe
        {
            Kind = SamplerKind.Maf,
            Steps = 2,
            Hidden = 8,
            Epochs = 3,
        };
        _folder.Train(Recipes.Tiny with { Sampler = sampler }, "trained");
        _folder.Train(Recipes.Tiny, "fitted");
        Fit("fitted", "maf", "sampler.steps=2", "sampler.hidden=8", "sampler.epochs=3");
        foreach (var file in new[] { "prior.onnx", "encoder.onnx", "decoder.onnx" })
            Assert.True(Bytes("trained", file).SequenceEqual(Bytes("fitted", file)) || file != "prior.onnx", file);
        Assert.Equal(_folder.Weights("trained"), _folder.Weights("fitted"));
        // Another sampler takes its place.
        Fit("fitted", "gaussian");
        Assert.Equal("normal distribution with full covariance", ManifestFile.Read(_folder.File("fitted")).Prior);
        Assert.NotEqual(Bytes("trained", "prior.onnx"), Bytes("fitted", "prior.onnx"));
    }

    [Fact]
    public void What_cannot_be_fitted_is_refused_and_the_bundle_stays()
    {
        _folder.Train(Recipes.Tiny, "x");
        var before = TestRuns.Contents(_folder.File("x"));
        Assert.Contains("sampler.steps", Assert.Throws<LatentException>(() => Fit("x", "gaussian", "sampler.steps=3")).Message);
        Assert.Contains("latent.dimension", Assert.Throws<UsageException>(() => Fit("x", "maf", "latent.dimension=3")).Message);
        _folder.Train(
            Recipes.Tiny with
            {
                Prior = new PriorRecipe { Kind = PriorKind.Mixture, Components = 3 },
            },
            "learned"
        );
        Assert.Contains("learned already", Assert.Throws<LatentException>(() => Fit("learned", "maf")).Message);
        Assert.Equal(before, TestRuns.Contents(_folder.File("x")));
    }

    private int Fit(string name, string kind, params string[] assignments) =>
        SamplerCommand.Run(
            new SamplerSettings
            {
                Bundle = _folder.File(name),
                Kind = kind,
                Assignments = assignments,
                Threads = 1,
            },
            TextWriter.Null
        );

    private byte[] Bytes(string name, string file) => File.ReadAllBytes(_folder.File($"{name}/{file}"));

    private static IEnumerable<(double Mean, double Variance)> Moments(float[] codes, int length) =>
        Enumerable
            .Range(0, length)
            .Select(d =>
            {
                double[] values = [.. codes.Where((_, i) => i % length == d)];
                var mean = values.Average();
                return (mean, values.Average(v => (v - mean) * (v - mean)));
            });

    private static readonly IEqualityComparer<float[]> Rows = EqualityComparer<float[]>.Create(
        (a, b) => a!.AsSpan().SequenceEqual(b),
        row => row[0].GetHashCode()
    );
}

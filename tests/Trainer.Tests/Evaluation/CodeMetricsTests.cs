using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Commands;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Report;
using Latent.Trainer.Tests.Helpers;
using Spectre.Console;

namespace Latent.Trainer.Tests.Evaluation;

public sealed class CodeMetricsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 0.5)]
    [InlineData(2, 1)]
    [InlineData(0.3, 0.9)]
    public void Mutual_information_of_a_linear_gaussian_model_is_that_of_its_closed_form(double slope, double deviation)
    {
        // z = ax + sε with x and ε from N(0, 1), in two dimensions: I = ½ ln(1 + a²/s²) each, and q(z) is N(0, a² + s²).
        const int Rows = 4000;
        var random = new Random(3);
        float[] means = [.. Enumerable.Range(0, 2 * Rows).Select(_ => (float)(slope * Predictive.Gaussian(random)))];
        float[] draws = [.. means.Select(mean => (float)(mean + (deviation * Predictive.Gaussian(random))))];
        float[] logVariances = [.. means.Select(_ => (float)(2 * Math.Log(deviation)))];
        float[] logPrior = [.. draws.Chunk(2).Select(z => (float)(-Math.Log(2 * Math.PI) - (0.5 * z.Sum(v => v * v))))];
        var found = MutualInformation.Of(means, logVariances, draws, logPrior, TestContext.Current.CancellationToken);
        var variance = (slope * slope) + (deviation * deviation);
        Assert.Equal(Math.Log(variance / (deviation * deviation)), found.Nats, 0.06);
        Assert.Equal(variance - 1 - Math.Log(variance), found.MarginalKl, 0.12);
    }

    [Fact]
    public void Mutual_information_is_ln_of_the_rows_where_posteriors_are_apart_and_0_where_they_are_one()
    {
        float[] none = new float[50],
            apart = [.. Enumerable.Range(0, 50).Select(i => i * 100f)];
        Assert.Equal(Math.Log(50), MutualInformation.Of(apart, none, apart, none, TestContext.Current.CancellationToken).Nats, 1e-9);
        Assert.Equal(0, MutualInformation.Of(none, none, none, none, TestContext.Current.CancellationToken).Nats, 1e-9);
    }

    [Fact]
    public void Both_classifiers_tell_labels_that_lie_apart_and_only_the_nearest_codes_tell_a_chessboard()
    {
        var (train, trainLabels) = Squares(400, 1, (x, _) => x > 0 ? "right" : "left");
        var (test, testLabels) = Squares(200, 2, (x, _) => x > 0 ? "right" : "left");
        Assert.Equal(1, Nearest(train, trainLabels, test, testLabels));
        Assert.Equal(1, CodeClassifiers.LinearAccuracy(train, trainLabels, test, testLabels));
        (train, trainLabels) = Squares(400, 1, (x, y) => x > 0 == y > 0 ? "black" : "white");
        (test, testLabels) = Squares(200, 2, (x, y) => x > 0 == y > 0 ? "black" : "white");
        Assert.Equal(1, Nearest(train, trainLabels, test, testLabels));
        Assert.InRange(CodeClassifiers.LinearAccuracy(train, trainLabels, test, testLabels), 0.25, 0.75);
    }

    [Fact]
    public void Five_nearest_codes_vote_the_nearest_wins_a_draw_and_a_label_that_was_not_learned_is_missed()
    {
        float[] train = [1, 2, 3, 4, 5, 6, 7];
        string[] labels = ["a", "b", "b", "a", "c", "c", "c"];
        Assert.Equal(1, Nearest(train, labels, [0], ["a"]));
        Assert.Equal(1, Nearest(train, labels, [9], ["c"]));
        Assert.Equal(0.5, Nearest(train, labels, [0, 9], ["d", "c"]));
        Assert.Equal(0, CodeClassifiers.LinearAccuracy(train, labels, [0, 9], ["d", "e"]));
    }

    [Fact]
    public void A_run_tells_what_its_codes_say_and_a_plain_autoencoder_has_no_mutual_information()
    {
        var variational = _folder.Train(Recipes.Tiny, "x").Manifest!.Metrics;
        Assert.Equal((15, 121), ((int)variational[CodeMetrics.Rows], (int)variational[CodeMetrics.Learned]));
        Assert.InRange(variational[CodeMetrics.Information], 1e-6, Math.Log(15));
        Assert.True(variational[CodeMetrics.Information] < variational["test.kl"] + 1);
        Assert.InRange(variational[CodeMetrics.Nearest], 0, 1);
        Assert.InRange(variational[CodeMetrics.Linear], 0, 1);
        Assert.InRange(variational[CodeMetrics.Chance], 0, 0.5);

        var plain = _folder.Train(Recipes.Tiny with { Kind = ModelKind.Autoencoder }, "y").Manifest!.Metrics;
        Assert.DoesNotContain(CodeMetrics.Information, plain.Keys);
        Assert.DoesNotContain(CodeMetrics.MarginalKl, plain.Keys);
        Assert.Contains(CodeMetrics.Nearest, plain.Keys);

        var flow = Recipes.Tiny.Latent with { Posterior = new PosteriorRecipe { Kind = PosteriorKind.Planar } };
        Assert.DoesNotContain(CodeMetrics.Information, _folder.Train(Recipes.Tiny with { Latent = flow }, "z").Manifest!.Metrics.Keys);
    }

    [Fact]
    public void Evaluate_adds_codes_and_a_pca_to_the_manifest_of_a_plain_autoencoder()
    {
        _folder.Train(Recipes.Tiny with { Kind = ModelKind.Autoencoder }, "x");
        var text = Evaluate(new EvaluateSettings { Bundle = _folder.File("x"), CodeRows = 60 });
        var metrics = BundleFolder.Open(_folder.File("x")).Manifest.Metrics;
        Assert.Equal((15, 60), ((int)metrics[CodeMetrics.Rows], (int)metrics[CodeMetrics.Learned]));
        Assert.InRange(metrics["test.pca_mse"], 1e-4, 0.2);
        Assert.InRange(metrics["test.mse"], 1e-4, 0.3);
        Assert.Contains("Labels that 5 nearest codes tell", text);
        Assert.Contains("Test error of a PCA with as many components", text);
        Assert.DoesNotContain("NLL", text);
        var error = Assert.Throws<LatentException>(() => Evaluate(new EvaluateSettings { Bundle = _folder.File("x"), Samples = 5 }));
        Assert.Contains("has no likelihood", error.Message);
    }

    [Fact]
    public void Evaluate_of_a_variational_bundle_gives_likelihood_and_codes()
    {
        _folder.Train(Recipes.Tiny, "x");
        var text = Evaluate(new EvaluateSettings { Bundle = _folder.File("x"), Samples = 5 });
        Assert.Contains("at most ln 15 = 2.71", text);
        var metrics = BundleFolder.Open(_folder.File("x")).Manifest.Metrics;
        Assert.Contains("evaluate.nll", metrics.Keys);
        Assert.Contains("test.pca_mse", metrics.Keys);
        var table = MetricTable.Of([BundleFolder.Open(_folder.File("x")).Manifest]);
        Assert.Contains("| I(x; z), nats | KL(q(z), p(z)) | labels, 5 nearest codes | labels, linear in codes |", table);
    }

    private static string Evaluate(EvaluateSettings settings)
    {
        var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 200;
        Assert.Equal(0, EvaluateCommand.Run(settings, console));
        return text.ToString();
    }

    private static double Nearest(float[] train, string[] trainLabels, float[] test, string[] testLabels) =>
        CodeClassifiers.NearestAccuracy(train, trainLabels, test, testLabels, TestContext.Current.CancellationToken);

    // Points of a square from -1 to 1, none of them near the axes.
    private static (float[] Codes, string[] Labels) Squares(int rows, int seed, Func<float, float, string> label)
    {
        var random = new Random(seed);
        float[] codes =
        [
            .. Enumerable.Range(0, 2 * rows).Select(_ => (random.Next(2) == 0 ? -1 : 1) * (0.3f + (0.7f * random.NextSingle()))),
        ];
        return (codes, [.. codes.Chunk(2).Select(point => label(point[0], point[1]))]);
    }
}

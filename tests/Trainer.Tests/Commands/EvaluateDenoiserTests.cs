using System.Globalization;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Commands;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Tests.Helpers;
using Spectre.Console;

namespace Latent.Trainer.Tests.Commands;

/// <summary>A denoiser from its recipe to its bundle, its report and the figures that evaluate adds.</summary>
public sealed class EvaluateDenoiserTests : IDisposable
{
    private static readonly Recipe s_denoiser = RecipeFile.Parse(
        """
        {
          "name": "tiny-denoiser", "kind": "denoiser",
          "data": { "source": "digits", "count": 120 },
          "noise": { "kind": "gaussian", "amount": 0.3, "predict": "noise" },
          "encoder": [
            { "type": "conv2d", "out": 4, "kernel": 3, "padding": 1 }, { "type": "relu" },
            { "type": "skip", "layers": [
              { "type": "maxPool2d", "kernel": 2 }, { "type": "conv2d", "out": 4, "kernel": 3, "padding": 1 }, { "type": "relu" },
              { "type": "upsampleNearest", "factor": 2 }
            ] },
            { "type": "conv2d", "out": 1, "kernel": 3, "padding": 1 }
          ],
          "objective": { "reconstruction": "meanSquaredError", "reduction": "mean" },
          "optimizer": { "learningRate": 0.01 },
          "training": { "epochs": 4, "batchSize": 8 }
        }
        """,
        "a test"
    );

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_denoiser_is_trained_exported_and_reported_without_codes()
    {
        var manifest = _folder.Train(s_denoiser, "x").Manifest!;
        Assert.Equal(0, manifest.LatentDimension);
        Assert.InRange(manifest.Metrics["export.max_relative_difference"], 0, 1e-4);
        Assert.True(manifest.Metrics["test.denoised.psnr"] > manifest.Metrics["test.noisy.psnr"]);
        Assert.All(["test.median.psnr", "test.pca.psnr"], name => Assert.InRange(manifest.Metrics[name], 5, 40));
        Assert.DoesNotContain(manifest.Metrics.Keys, name => name.StartsWith("codes.", StringComparison.Ordinal));
        Assert.Equal(["autoencoder.onnx"], manifest.Files.Select(file => file.Path).Where(path => path.EndsWith(".onnx")));
        var html = File.ReadAllText(_folder.File("x/report.html"));
        Assert.Contains("Noisy input, denoised, clean", html);
        Assert.Contains("A PCA of the training images", html);
        Assert.DoesNotContain("Latent usage", html);
        Assert.Contains("denoiser, without a code, of gaussian noise of 0.3", File.ReadAllText(_folder.File("x/card.md")));
        Assert.Contains("PSNR of median, PCA", MetricTable.Of([manifest]));
    }

    [Fact]
    public void Evaluate_measures_the_test_images_and_other_pictures_of_any_size()
    {
        var before = _folder.Train(s_denoiser, "x").Manifest!;
        var (code, output) = Evaluate(null);
        Assert.Equal(0, code);
        foreach (var what in (string[])["noisy", "denoised", "median", "pca"])
            Assert.Contains(before.Metrics[$"test.{what}.psnr"].ToString("0.00", CultureInfo.InvariantCulture), output);

        Directory.CreateDirectory(_folder.File("pictures"));
        Pnm("pictures/grey.pgm", "P2", 1, 41, 30);
        Pnm("pictures/colour.ppm", "P3", 3, 20, 50);
        File.WriteAllText(_folder.File("pictures/none.png"), "no picture");
        (code, output) = Evaluate(_folder.File("pictures"));
        Assert.Equal(0, code);
        Assert.Contains("grey.pgm, 41 x 30", output);
        Assert.Contains("mean of 2 pictures", output);
        Assert.Contains("Skipped none.png: ", output);
        var metrics = ManifestFile.Read(_folder.File("x")).Metrics;
        Assert.Equal(2, metrics["evaluate.images"]);
        // Of a standard deviation of 0.3 of the range.
        Assert.Equal(-20 * Math.Log10(0.3), metrics["evaluate.noisy.psnr"], 0.3);
        Assert.True(metrics["evaluate.denoised.psnr"] > metrics["evaluate.noisy.psnr"]);
        Assert.True(metrics["evaluate.median.psnr"] > metrics["evaluate.noisy.psnr"]);
        Assert.Equal(before.Metrics["test.denoised.psnr"], metrics["test.denoised.psnr"]);
    }

    [Fact]
    public void What_needs_codes_is_refused_in_one_sentence()
    {
        _folder.Train(s_denoiser, "x");
        var bundle = _folder.File("x");
        var settings = new EvaluateSettings { Bundle = bundle, Samples = 5 };
        Assert.Equal(
            "tiny-denoiser is a denoiser, which has neither likelihood nor codes; --samples, --count, --graphs and --code-rows are for autoencoders.",
            Assert.Throws<LatentException>(() => EvaluateCommand.Run(settings, AnsiConsole.Console)).Message
        );
        Assert.Equal(
            "tiny-denoiser is a denoiser, which has no codes to draw; draw needs a variational bundle.",
            Assert
                .Throws<LatentException>(() => DrawCommand.Run(bundle, "prior-mean", null, null, null, 4, 1, "x.png", TextWriter.Null))
                .Message
        );
        Assert.StartsWith(
            "sampler is given; it must be left out: a denoiser has no code (",
            Assert
                .Throws<LatentException>(() => SamplerCommand.Run(new SamplerSettings { Bundle = bundle, Kind = "maf" }, TextWriter.Null))
                .Message
        );
    }

    [Fact]
    public void The_median_is_that_of_nine_pixels_and_goes_on_at_the_edge()
    {
        float[] image = [1, 2, 3, 4, 50, 6, 7, 8, 9];
        Assert.Equal([2, 3, 3, 4, 6, 6, 7, 8, 9], DenoisingBaselines.Median(image, new ImageDescription(1, 3, 3)));
        Assert.Equal([5], DenoisingBaselines.Median([5], new ImageDescription(1, 1, 1)));
    }

    private (int Code, string Output) Evaluate(string? data)
    {
        var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.No });
        console.Profile.Width = 200;
        return (EvaluateCommand.Run(new EvaluateSettings { Bundle = _folder.File("x"), Data = data }, console), writer.ToString());
    }

    // A wave, which noise can be told from.
    private void Pnm(string name, string type, int channels, int width, int height)
    {
        var values = Enumerable.Range(0, channels * width * height).Select(i => (int)(128 + (100 * Math.Sin(i / channels % width / 8.0))));
        File.WriteAllText(_folder.File(name), $"{type}\n{width} {height}\n255\n{string.Join(' ', values)}\n");
    }
}

using System.Text.RegularExpressions;
using System.Xml.Linq;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Models;
using Latent.Models.Onnx;
using Latent.Trainer.Report;
using TorchSharp;

namespace Latent.Tests.Report;

public sealed class ReportWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("latent-report-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(ModelKind.Variational, 2, false)]
    [InlineData(ModelKind.Variational, 3, false)]
    [InlineData(ModelKind.Autoencoder, 4, true)]
    public void The_report_is_one_file_that_needs_no_other_and_every_picture_lies_beside_it(ModelKind kind, int latent, bool noisy)
    {
        var html = Write(kind, latent, noisy);

        Assert.DoesNotMatch(new Regex("(src|href)=['\"](?!data:|#)"), html);
        Assert.DoesNotContain("NaN", Regex.Replace(html, "base64,[^']*", ""));
        var pictures = Directory.GetFiles(Path.Combine(_folder, "pictures"));
        Assert.Equal(Regex.Count(html, "<img "), pictures.Length);
        Assert.All(pictures, p => Assert.Equal([0x89, 0x50, 0x4E, 0x47], File.ReadAllBytes(p)[..4]));
        foreach (Match svg in Regex.Matches(html, "<svg.*?</svg>", RegexOptions.Singleline))
        {
            XElement.Parse(svg.Value);
        }
    }

    [Fact]
    public void A_two_dimensional_code_gets_its_manifold_and_a_denoiser_its_noisy_pictures()
    {
        Write(ModelKind.Variational, 2, noisy: false);
        Assert.True(File.Exists(Path.Combine(_folder, "pictures", "manifold.png")));
        Assert.Contains("Noisy input, its code", Write(ModelKind.Autoencoder, 4, noisy: true));
        Assert.True(File.Exists(Path.Combine(_folder, "pictures", "denoising.png")));
    }

    [Fact]
    public void Test_NLL_is_a_curve_and_provenance_names_the_machine_and_the_published_figure()
    {
        var html = Write(ModelKind.Variational, 3, noisy: false);
        Assert.Contains("aria-label='Test NLL against passes'", html);
        Assert.Contains("<th scope='row'>machine</th><td>a processor</td>", html);
        Assert.Contains("<th scope='row'>published NLL</th><td>2.50 (a paper)</td>", html);
    }

    [Fact]
    public void Every_text_stands_out_from_its_background_by_four_and_a_half_to_one()
    {
        var html = Write(ModelKind.Variational, 2, noisy: false);
        var style = Regex.Match(html, "<style>(.*?)</style>", RegexOptions.Singleline).Groups[1].Value;
        var texts = Regex.Matches(style, @"[{;\s]color: #([0-9a-f]{6})").Concat(Regex.Matches(html, "<svg[^>]* fill='#([0-9a-f]{6})'")).Select(m => m.Groups[1].Value).Distinct().ToList();
        var backgrounds = Regex.Matches(style, "background: #([0-9a-f]{3,6})").Select(m => m.Groups[1].Value).Distinct().ToList();
        Assert.True(texts.Count >= 3 && backgrounds.Count >= 2);
        Assert.All(texts, text => Assert.All(backgrounds, background => Assert.InRange(Contrast(text, background), 4.5, 21)));
        Assert.InRange(Contrast("767676", "fff"), 4.5, 4.6);
    }

    // WCAG 2.1, relative luminance and contrast ratio.
    private static double Contrast(string a, string b)
    {
        var (x, y) = (Luminance(a), Luminance(b));
        return (Math.Max(x, y) + 0.05) / (Math.Min(x, y) + 0.05);
    }

    private static double Luminance(string color)
    {
        if (color.Length == 3)
            color = string.Concat(color.Select(c => $"{c}{c}"));
        var parts = Convert.FromHexString(color).Select(b => b / 255.0).Select(c => c <= 0.03928 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4)).ToArray();
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }

    private string Write(ModelKind kind, int latent, bool noisy)
    {
        var recipe = new Recipe
        {
            Name = "tiny",
            Description = "A <tiny> & quick model.",
            About = new AboutRecipe { Published = new PublishedFigure(2.5, "a paper") },
            Kind = kind,
            Data = new DataRecipe { Source = DataSourceKind.Digits, Image = new ImageDescription(1, 6, 6) },
            Encoder = [new LayerRecipe { Type = LayerType.Linear, Out = 8 }, new LayerRecipe { Type = LayerType.Tanh }],
            Latent = new LatentRecipe { Dimension = latent },
            Decoder = [new LayerRecipe { Type = LayerType.Linear, Out = 36 }],
            Objective = new ObjectiveRecipe { Reconstruction = ReconstructionKind.Bernoulli },
        };
        var input = new InputDescription { Shape = [36], Unit = InputUnit.Pixel, Image = new ImageDescription(1, 6, 6) };
        torch.manual_seed(3);
        using var model = Autoencoder.Create(recipe, input, Scaling.For(ScalingKind.Unit, [], 36));
        var manifest = new BundleManifest
        {
            Name = recipe.Name,
            Description = recipe.Description,
            Kind = kind,
            Input = input,
            LatentDimension = latent,
            Reconstruction = new ReconstructionDescription(ReconstructionKind.Bernoulli, ReductionKind.Sum),
            Recipe = recipe,
            Seed = 3,
            Engine = "test",
            Machine = "a processor",
            DataFingerprint = "0",
            Files = [],
            Metrics = new Dictionary<string, double> { ["test.loss"] = 1.5 },
        };
        OnnxExport.Write(model, manifest, _folder);
        File.WriteAllText(Path.Combine(_folder, "training.jsonl"), """
            {"epoch":1,"train":{"loss":3.5,"kl":0.5},"validation":{"loss":3.6,"kl":0.4}}
            {"epoch":2,"train":{"loss":2.5,"kl":0.7},"validation":{"loss":2.9,"kl":0.6},"test_nll":2.75}
            """);
        var random = new Random(5);
        var rows = Enumerable.Range(0, 36 * 40).Select(_ => (float)random.Next(256)).ToArray();
        var weights = model.state_dict().ToDictionary(p => p.Key, p => (p.Value.shape, p.Value.data<float>().ToArray()));
        var data = new ReportData { Rows = rows, Noisy = noisy ? [.. rows.Select(r => r / 2)] : null, Labels = [.. Enumerable.Range(0, 40).Select(i => $"{i % 3}")], Weights = weights };
        return File.ReadAllText(ReportWriter.Write(_folder, manifest, data));
    }
}

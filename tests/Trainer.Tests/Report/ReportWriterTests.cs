using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
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
    // What else a line of training.jsonl has.
    private const string Rest = "\"step\":1,\"seconds\":1,\"samples_per_s\":1,\"learning_rate\":1,\"beta\":1";

    private readonly string _folder = Directory.CreateTempSubdirectory("latent-report-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(ModelKind.Variational, 2, false)]
    [InlineData(ModelKind.Variational, 3, false)]
    [InlineData(ModelKind.Autoencoder, 4, true)]
    public void The_report_is_one_file_that_needs_no_other_and_every_image_lies_beside_it(ModelKind kind, int latent, bool noisy)
    {
        var html = Write(kind, latent, noisy);

        NeedsNoOther(html);
        Assert.DoesNotContain("NaN", Regex.Replace(html, "base64,[^']*", ""));
        var images = Directory.GetFiles(Path.Combine(_folder, "pictures"));
        Assert.Equal(Regex.Count(html, "<img "), images.Length);
        Assert.All(images, p => Assert.Equal([0x89, 0x50, 0x4E, 0x47], File.ReadAllBytes(p)[..4]));
    }

    [Fact]
    public void The_committed_report_needs_no_other_file_and_is_below_a_megabyte()
    {
        var path = Path.Combine(World.Root, "artifacts", "digits-small", "report.html");
        NeedsNoOther(File.ReadAllText(path));
        Assert.InRange(new FileInfo(path).Length, 100_000, 1_000_000);
    }

    [Fact]
    public void The_verdict_stands_before_everything_else()
    {
        var page = Parse(Write(ModelKind.Variational, 3, noisy: false));
        var main = page.Descendants("main").Single().Elements().ToList();
        Assert.Equal("verdict", main[0].Attribute("id")!.Value);
        Assert.Equal(["What was learned", "Against a baseline", "What to try next"], main[0].Descendants("h3").Select(h => h.Value));
        Assert.Contains("--", main[0].Descendants("code").First().Value);
    }

    [Fact]
    public void Metrics_have_names_and_units_and_their_keys_under_the_pointer()
    {
        var page = Parse(Write(ModelKind.Variational, 3, noisy: false));
        var row = page.Descendants("tr").Single(r => r.Attribute("title")?.Value == "test.loss");
        Assert.Equal(["Test loss", "1.5", "nats per row"], row.Elements().Select(e => e.Value));
    }

    [Fact]
    public void Learning_curves_have_every_epoch()
    {
        var lines = Enumerable
            .Range(1, 700)
            .Select(epoch =>
                FormattableString.Invariant($$"""{"epoch":{{epoch}},{{Rest}},"train":{"loss":{{10.0 / epoch}}},"validation":null}""")
            );
        var page = Parse(Write(ModelKind.Autoencoder, 3, noisy: false, string.Join('\n', lines)));
        var plot = page.Descendants().Single(e => e.Attribute("aria-label")?.Value == "Loss");
        var points = plot.Descendants().Single(e => e.Name.LocalName == "polyline").Attribute("points")!.Value.Split(' ');
        Assert.Equal(700, points.Length);
        Assert.Equal(700, points.Distinct().Count());
    }

    [Fact]
    public void A_table_is_split_by_label_ranked_and_shown_column_by_column()
    {
        var page = Parse(WriteTable());
        var plots = page.Descendants()
            .Where(e => e.Name.LocalName == "svg" && e.Attribute("aria-label") is not null)
            .ToDictionary(e => e.Attribute("aria-label")!.Value);
        Assert.EndsWith(" log", plots["Score of held-out rows"].Attribute("data-x")!.Value);
        Assert.Equal(["label 0, 54 rows", "label 1, 6 rows"], Lines("Score of held-out rows"));
        Assert.Equal(["score", "chance"], Lines("ROC curve"));
        Assert.Equal(["score", "chance"], Lines("Precision and recall"));
        Assert.Contains("PCA of the standardized inputs", plots.Keys);
        var text = page.ToString();
        Assert.Contains("6 of 60 rows have the label 1, the rarer, which counts as positive", text);
        Assert.Matches("AUROC [01]\\.?\\d*", text);
        var bars = page.Descendants("table").Single(t => t.Attribute("class")?.Value == "bars");
        // "same" never changes, and has no spread to be measured in.
        Assert.Equal(["<big>", "small", "third"], bars.Descendants("th").Select(th => th.Value).Order(StringComparer.Ordinal));
        var errors = bars.Descendants("tr")
            .Select(row => row.Descendants("div").Max(d => double.Parse(d.Value, CultureInfo.InvariantCulture)))
            .ToList();
        Assert.Equal(errors.OrderDescending(), errors);
        Assert.Empty(page.Descendants("img"));

        IEnumerable<string> Lines(string plot) =>
            plots[plot].Descendants().Where(e => e.Name.LocalName == "polyline").Select(e => e.Attribute("data-name")!.Value);
    }

    [Fact]
    public void A_two_dimensional_code_gets_its_manifold_and_a_denoiser_its_noisy_images()
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
        Assert.DoesNotMatch(@"[\s;]color: #", style);
        foreach (var dark in new[] { false, true })
        {
            // Later declarations take the place of earlier ones, those of dark pages included.
            var colors = new Dictionary<string, string>();
            var rules = Regex.Matches(style, @"^(@media \(prefers-color-scheme: dark\) \{ )?:root \{(.*?)\}", RegexOptions.Multiline);
            foreach (var rule in rules.Where(rule => dark || !rule.Groups[1].Success))
            {
                foreach (Match variable in Regex.Matches(rule.Groups[2].Value, "--([a-z0-9]+): #([0-9a-f]{6})"))
                    colors[variable.Groups[1].Value] = variable.Groups[2].Value;
            }

            Assert.Equal(18, colors.Count);
            foreach (var background in new[] { "page", "panel" })
            {
                Assert.All(new[] { "text", "muted", "link" }, text => Assert.InRange(Contrast(colors[text], colors[background]), 4.5, 21));
            }

            // WCAG 2.1 asks three to one of what is drawn.
            Assert.All(Enumerable.Range(0, 10), i => Assert.InRange(Contrast(colors[$"s{i}"], colors["page"]), 4.5, 21));
            Assert.InRange(Contrast(colors["frame"], colors["page"]), 3, 21);
        }

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
        var parts = Convert
            .FromHexString(color)
            .Select(b => b / 255.0)
            .Select(c => c <= 0.03928 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4))
            .ToArray();
        return (0.2126 * parts[0]) + (0.7152 * parts[1]) + (0.0722 * parts[2]);
    }

    private static XElement Parse(string html)
    {
        using var reader = XmlReader.Create(new StringReader(html), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XElement.Load(reader);
    }

    private static void NeedsNoOther(string html)
    {
        var page = Parse(html);
        var links = page.DescendantsAndSelf().Attributes().Where(a => a.Name.LocalName is "src" or "href");
        Assert.All(links, link => Assert.Matches("^(data:|#)", link.Value));
        Assert.DoesNotContain(page.Descendants(), e => e.Name.LocalName is "link" or "object" or "iframe");
        var code = string.Concat(page.Descendants().Where(e => e.Name.LocalName is "style" or "script").Select(e => e.Value));
        Assert.DoesNotMatch("url\\(|@import|fetch\\(|XMLHttpRequest", code);
        Assert.DoesNotMatch("https?://", html.Replace("xmlns='http://www.w3.org/2000/svg'", ""));
    }

    private string WriteTable()
    {
        string[] columns = ["<big>", "small", "same", "third"];
        var recipe = new Recipe
        {
            Name = "table",
            Kind = ModelKind.Autoencoder,
            Data = new DataRecipe { Source = DataSourceKind.Csv, Scaling = ScalingKind.Standard },
            Encoder = [new LayerRecipe { Type = LayerType.Linear, Out = 3 }],
            Latent = new LatentRecipe { Dimension = 2 },
            Decoder = [new LayerRecipe { Type = LayerType.Linear, Out = 4 }],
            Objective = new ObjectiveRecipe { Reconstruction = ReconstructionKind.MeanSquaredError },
        };
        var random = new Random(7);
        string[] labels = [.. Enumerable.Range(0, 60).Select(i => i % 10 == 0 ? "1" : "0")];
        float[] rows =
        [
            .. labels
                .Select(label => label == "1" ? 5 : 0)
                .SelectMany(above => new[] { 1000 * random.NextSingle(), random.NextSingle() + above, 3, random.NextSingle() }),
        ];
        var input = new InputDescription
        {
            Shape = [4],
            Unit = InputUnit.Table,
            Columns = columns,
        };
        return Write(recipe, input, Scaling.For(ScalingKind.Standard, rows, 4), rows, null, labels, "");
    }

    private string Write(ModelKind kind, int latent, bool noisy, string? log = null)
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
        var input = new InputDescription
        {
            Shape = [36],
            Unit = InputUnit.Pixel,
            Image = new ImageDescription(1, 6, 6),
        };
        var random = new Random(5);
        var rows = Enumerable.Range(0, 36 * 40).Select(_ => (float)random.Next(256)).ToArray();
        float[]? noisyRows = noisy ? [.. rows.Select(r => r / 2)] : null;
        string[] labels = [.. Enumerable.Range(0, 40).Select(i => $"{i % 3}")];
        return Write(
            recipe,
            input,
            Scaling.For(ScalingKind.Unit, [], 36),
            rows,
            noisyRows,
            labels,
            log
                ?? $$$"""
                {"epoch":1,{{{Rest}}},"train":{"loss":3.5,"kl":0.5},"validation":{"loss":3.6,"kl":0.4}}
                {"epoch":2,{{{Rest}}},"train":{"loss":2.5,"kl":0.7},"validation":{"loss":2.9,"kl":0.6},"test_nll":2.75}
                """
        );
    }

    private string Write(Recipe recipe, InputDescription input, Scaling scaling, float[] rows, float[]? noisy, string[] labels, string log)
    {
        torch.manual_seed(3);
        using var model = Autoencoder.Create(recipe, input, scaling);
        var manifest = new BundleManifest
        {
            Name = recipe.Name,
            Description = recipe.Description,
            Kind = recipe.Kind,
            Input = input,
            LatentDimension = recipe.Latent.Dimension,
            Reconstruction = new ReconstructionDescription(recipe.Objective.Reconstruction, ReductionKind.Sum),
            Recipe = recipe,
            Seed = 3,
            Engine = "test",
            Machine = "a processor",
            DataFingerprint = "0",
            Files = [],
            Metrics = new Dictionary<string, double> { ["test.loss"] = 1.5 },
        };
        OnnxExport.Write(model, manifest, _folder);
        File.WriteAllText(Path.Combine(_folder, "training.jsonl"), log);
        var weights = model.state_dict().ToDictionary(p => p.Key, p => (p.Value.shape, p.Value.data<float>().ToArray()));
        var data = new ReportData
        {
            Rows = rows,
            Noisy = noisy,
            Labels = labels,
            Weights = weights,
        };
        return File.ReadAllText(ReportWriter.Write(_folder, manifest, data));
    }
}

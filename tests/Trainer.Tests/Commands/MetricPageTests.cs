using System.Xml.Linq;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Contracts.Training;
using Latent.Trainer.Commands;
using Latent.Trainer.Tests.Helpers;

namespace Latent.Trainer.Tests.Commands;

public sealed class MetricPageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Curves_become_an_image_beside_the_page_and_a_table()
    {
        var page = _folder.Write("page.md", "A\n<!-- curves other -->\nkept\n<!-- end -->\nB\n<!-- curves tiny --><!-- end -->\nC\n");
        var whole = Bundle("whole", new() { Kind = ScheduleKind.BurdaStages }, (1, 99.5), (4, 91.25));
        var shortened = Bundle("shortened", new() { Kind = ScheduleKind.BurdaStages, Scale = 0.01 }, (1, 105), (2, 101.125));
        var other = Bundle("other", new() { Kind = ScheduleKind.Cosine }, (4, 100));
        other.Manifest = other.Manifest with { StartedFrom = new InitialWeights("vae", 7, "") };
        Assert.Equal(1, MetricPage.Fill(page, [whole, shortened, other]));
        Assert.Equal(
            """
            A
            <!-- curves other -->
            kept
            <!-- end -->
            B
            <!-- curves tiny -->
            ![Test NLL against epochs](page-2.svg)

            | epochs | tiny | tiny, schedule.scale 0.01 | tiny from vae, schedule.kind cosine |
            |---:|---:|---:|---:|
            | 1 | 99.50 | 105.00 |  |
            | 2 |  | 101.13 |  |
            | 4 | 91.25 |  | 100.00 |
            <!-- end -->
            C

            """,
            File.ReadAllText(page)
        );
        var svg = XElement.Parse(File.ReadAllText(_folder.File("page-2.svg")));
        var texts = svg.Elements().Where(e => e.Name.LocalName == "text").Select(e => e.Value).ToList();
        Assert.Contains("tiny, schedule.scale 0.01", texts);
        Assert.Equal(["1", "3"], texts.Skip(1).Take(2));
        // On a logarithmic axis 1 to 2 is as far as 2 to 4.
        var x = svg.Descendants().Where(e => e.Name.LocalName == "circle").Select(e => (double)e.Attribute("cx")!).ToList();
        Assert.Equal(x[3] - x[2], x[1] - x[3], 1.0);
    }

    [Fact]
    public void A_place_for_curves_stays_where_no_bundle_has_one()
    {
        var page = _folder.Write("page.md", "<!-- curves tiny -->\nkept\n<!-- end -->\n<!-- figures tiny --><!-- end -->\n");
        Assert.Equal(1, MetricPage.Fill(page, [Bundle("x", new())]));
        Assert.StartsWith("<!-- curves tiny -->\nkept\n<!-- end -->\n<!-- figures tiny -->\n| bundle |", File.ReadAllText(page));
        Assert.False(File.Exists(_folder.File("page-1.svg")));
        _folder.Write("page.md", "<!-- curves tiny -->\nkept\n<!-- end -->\n");
        Assert.Contains(
            "has no place for these bundles",
            Assert.Throws<LatentException>(() => MetricPage.Fill(page, [Bundle("x", new())])).Message
        );
    }

    private (string Folder, BundleManifest Manifest) Bundle(string name, ScheduleRecipe schedule, params (int Epoch, double Nll)[] points)
    {
        Directory.CreateDirectory(_folder.File(name));
        var lines = points.Select(p => Line(p.Epoch, p.Nll)).Append(Line(99, null));
        _folder.Write($"{name}/training.jsonl", string.Concat(lines));
        return (_folder.File(name), MetricTableTests.Manifest(new AboutRecipe(), schedule, []));

        static string Line(int epoch, double? nll) =>
            new EpochRecord
            {
                Epoch = epoch,
                Step = epoch,
                Seconds = epoch,
                SamplesPerS = 1,
                LearningRate = 0.1,
                Beta = 1,
                Train = new Dictionary<string, double>(),
                Validation = null,
                TestNll = nll,
            }.ToJson() + "\n";
    }
}

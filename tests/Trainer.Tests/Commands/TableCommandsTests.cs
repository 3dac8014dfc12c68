using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Trainer.Commands;
using Latent.Trainer.Data;
using Latent.Trainer.Runs;
using Latent.Trainer.Tests.Helpers;
using Spectre.Console;

namespace Latent.Trainer.Tests.Commands;

/// <summary>What is told of a model of a table with words, numbers, dates and missing cells.</summary>
public sealed class TableCommandsTests : IDisposable
{
    private static readonly string[] s_cities = ["Oslo", "Lima", "Cairo"];
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_report_shows_rows_as_people_have_them_and_the_twenty_most_unusual()
    {
        var bundle = Train(Mixed(isLabelled: true), "data.label=broken");
        var html = Regex.Replace(File.ReadAllText(Path.Combine(bundle, "report.html")), "(?s)<style>.*?</style>|<script>.*?</script>", "");
        Assert.DoesNotContain("NaN", html);
        Assert.Equal(20, Regex.Count(Part(html, "unusual"), "<article>"));
        Assert.Contains("p-value", Part(html, "unusual"));
        Assert.Contains("label 1", Part(html, "unusual"));

        var rows = Part(html, "reconstructions");
        foreach (var column in new[] { "city", "country" })
        {
            var cells = Regex.Matches(rows, $"<th scope='row'>{column}</th><td>([^<]*)</td><td>([^<]*)</td>");
            Assert.Equal(8, cells.Count);
            Assert.All(cells, cell => Assert.Matches("^(missing|[A-Z][a-z]+)$", cell.Groups[1].Value));
            Assert.All(cells, cell => Assert.Matches("^[A-Z][a-z]+$", cell.Groups[2].Value));
        }

        Assert.Equal(16, Regex.Count(rows, @"<td>2024-\d\d-\d\d(T\d\d:\d\d:\d\d)?</td>"));
        Assert.Contains("<td>missing</td>", rows);
        Assert.Contains("Oslo", Part(html, "kinds"));
        Assert.Contains("AUROC", Part(html, "detection"));
        Assert.Contains("Reconstructions come nearer than a column&#39;s mean", html);
    }

    [Fact]
    public void Evaluate_gives_figures_with_intervals_and_adds_them_to_the_manifest()
    {
        var bundle = Train(Mixed(isLabelled: true), "data.label=broken");
        var said = Evaluate(new EvaluateSettings { Bundle = bundle, Top = 10 });
        Assert.Contains("40 anomalies, none of which were learned from", said);
        Assert.Contains("validation rows", said);
        Assert.Contains("95% interval", said);
        Assert.Contains("precision at 40", said);
        Assert.Contains("precision at 10", said);
        var metrics = BundleFolder.Open(bundle).Manifest.Metrics;
        Assert.Equal(40, metrics["evaluate.anomalies"]);
        Assert.InRange(metrics["evaluate.auroc"], 0.8, 1);
        Assert.InRange(metrics["evaluate.auroc"], metrics["evaluate.auroc_low"], metrics["evaluate.auroc_high"]);
        Assert.InRange(metrics["evaluate.average_precision_low"], 0, metrics["evaluate.average_precision"]);
        Assert.True(metrics.ContainsKey("evaluate.precision_at_anomalies") && metrics.ContainsKey("evaluate.precision_at_10"));

        var other = Evaluate(new EvaluateSettings { Bundle = bundle, Data = Mixed(isLabelled: true, seed: 2) });
        Assert.Contains("all 400 rows of other data", other);
        Assert.Contains("The manifest keeps the figures it has", other);
        Assert.Equal(metrics, BundleFolder.Open(bundle).Manifest.Metrics);
        var failure = Assert.Throws<LatentException>(() => Evaluate(new EvaluateSettings { Bundle = bundle, Top = 100_000 }));
        Assert.StartsWith("--top is 100000; it must be at most ", failure.Message);
    }

    [Fact]
    public void Without_labels_evaluate_says_how_to_name_them_and_gives_the_scores()
    {
        var path = Mixed(isLabelled: true);
        var bundle = Train(path, "data.columns=[\"city\",\"country\",\"amount\",\"day\"]");
        var said = Evaluate(new EvaluateSettings { Bundle = bundle });
        Assert.Contains("--label COL", said);
        Assert.Contains("99 %", said);
        Assert.False(BundleFolder.Open(bundle).Manifest.Metrics.ContainsKey("evaluate.auroc"));

        // Labels that training did not know: anomalies among the training rows were learned from, and only test rows count.
        Assert.Matches(@"Rows: \d+ test rows\.", Evaluate(new EvaluateSettings { Bundle = bundle, Label = "broken" }));
        Assert.True(BundleFolder.Open(bundle).Manifest.Metrics.ContainsKey("evaluate.auroc"));
    }

    [Fact]
    public void An_ensemble_with_embeddings_finds_anomalies_and_says_what_it_is()
    {
        var bundle = Train(Mixed(isLabelled: true), "data.label=broken", "ensemble=2", "data.table.categories=embedding");
        var manifest = BundleFolder.Open(bundle).Manifest;
        Assert.Equal((256, 2), (manifest.LatentDimension, manifest.Training!.Codes.Count / manifest.Recipe.Latent.Dimension));
        Assert.Equal([null, 2, 2, null], manifest.Input.Table!.Columns.Select(column => column.EmbeddingWidth));
        Assert.InRange(manifest.Metrics["export.max_relative_difference"], 0, 1e-4);
        var said = Evaluate(new EvaluateSettings { Bundle = bundle });
        Assert.Contains("40 anomalies, none of which were learned from", said);
        Assert.InRange(BundleFolder.Open(bundle).Manifest.Metrics["evaluate.auroc"], 0.8, 1);
        var card = File.ReadAllText(Path.Combine(bundle, "card.md"));
        Assert.Contains("2 members with a code of 128 each", card);
        Assert.Contains("| embedding of city | [2] | 10 |", card);

        using var loaded = LatentBundle.Load(bundle);
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        RunSummary.Print(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) }), bundle, manifest);
        Assert.Matches(@"Trained 2 members for \d+ epochs in ", writer.ToString());
    }

    [Fact]
    public void A_table_of_words_with_empty_columns_has_a_report()
    {
        var text = new StringBuilder("a,b,c\n");
        for (var i = 0; i < 120; i++)
            text.Append(CultureInfo.InvariantCulture, $"{s_cities[i % 3]},{(i % 2 == 0 ? "yes" : "no")},{(i == 7 ? "once" : "")}\n");
        var bundle = Train(_folder.Write("words.csv", text.ToString()));
        Assert.DoesNotContain("NaN", File.ReadAllText(Path.Combine(bundle, "report.html")));
    }

    private static string Part(string html, string id) => Regex.Match(html, $"(?s)<section id='{id}'>.*?</section>").Value;

    private static string Evaluate(EvaluateSettings settings)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Ansi = AnsiSupport.No });
        Assert.Equal(0, EvaluateCommand.Run(settings, console));
        return writer.ToString();
    }

    private string Train(string data, params string[] assignments)
    {
        var recipe = RecipeLibrary.Read("table", [$"data.path={data}", "training.epochs=30", "training.batchSize=32", .. assignments]);
        var result = TrainingRun.Execute(
            recipe,
            DataLoader.Load(recipe),
            new RunOptions { Output = _folder.File("bundle"), Display = new RecordingDisplay() },
            TestContext.Current.CancellationToken
        );
        return result.Bundle!;
    }

    // The country is that of the city and the amount follows it, but not in the rows that are broken.
    private string Mixed(bool isLabelled, int seed = 1)
    {
        var random = new Random(seed);
        var text = new StringBuilder("day,city,country,amount").Append(isLabelled ? ",broken\n" : "\n");
        string[] countries = ["Norway", "Peru", "Egypt"];
        for (var i = 0; i < 400; i++)
        {
            var (city, isBroken) = (random.Next(3), i % 10 == 3);
            var country = isBroken ? (city + 1) % 3 : city;
            var day = new DateTime(2024, 1, 1)
                .AddHours(random.Next(24 * 300))
                .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            var amount = (100 * (isBroken ? 8 : city)) + (10 * random.NextDouble());
            var known = random.Next(6) == 0 ? "" : amount.ToString("0.00", CultureInfo.InvariantCulture);
            text.Append(CultureInfo.InvariantCulture, $"{day},{(i % 9 == 0 ? "" : s_cities[city])},{countries[country]},{known}");
            text.Append(isLabelled ? $",{(isBroken ? 1 : 0)}\n" : "\n");
        }

        return _folder.Write($"mixed{seed}.csv", text.ToString());
    }
}

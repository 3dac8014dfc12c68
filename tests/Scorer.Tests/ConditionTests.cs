using System.Globalization;

namespace Latent.Tests;

/// <summary>Scorer over a bundle whose rows are conditioned on labels.</summary>
public sealed class ConditionTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Samples_have_the_label_asked_for_or_each_in_turn()
    {
        Assert.Equal(0, Run("sample", "--count", "9", "--condition", "light", "--output", _folder["light.csv"]).Code);
        Assert.Equal(0, Run("sample", "--count", "9", "--condition", "dark", "--output", _folder["dark.csv"]).Code);
        Assert.Equal(0, Run("sample", "--count", "9", "--batch-size", "2", "--output", _folder["all.csv"]).Code);
        var (dark, light) = (Means("dark.csv"), Means("light.csv"));
        Assert.All(dark.Zip(light), pair => Assert.True(pair.First + 0.05 < pair.Second));
        Assert.All(Means("all.csv").Index(), row => Assert.Equal((row.Index % 2 == 0 ? dark : light)[row.Index], row.Item, 1e-4));
    }

    [Fact]
    public void The_label_of_an_image_is_its_folder()
    {
        _folder.Write("in/dark/a.pgm", Picture(60));
        _folder.Write("in/light/b.pgm", Picture(190));
        _folder.Write("in/grey/c.pgm", Picture(120));
        var run = Run("score", "--input", _folder["in"], "--output", _folder["scores.csv"]);
        Assert.Equal(1, run.Code);
        Assert.Contains("grey/c.pgm has the label 'grey'; it must be one of dark, light.", run.Error, StringComparison.Ordinal);
        run = Run("score", "--input", _folder["in"], "--output", _folder["scores.csv"], "--on-error", "skip");
        Assert.Equal(3, run.Code);
        Assert.Equal(3, File.ReadAllLines(_folder["scores.csv"]).Length);
        Assert.Contains("grey/c.pgm", File.ReadAllText(_folder["scores.csv.skipped.csv"]), StringComparison.Ordinal);
        Assert.Equal(0, Run("score", "--input", _folder["in"], "--output", _folder["dark.csv"], "--condition", "dark").Code);
        // With its own label the light picture is likelier.
        Assert.True(Scores("dark.csv")["light/b.pgm"] > Scores("scores.csv")["light/b.pgm"]);
    }

    [Fact]
    public void The_label_of_a_row_is_in_the_column_that_is_named()
    {
        var values = string.Join(',', Enumerable.Repeat("0.2", 64));
        _folder.Write(
            "rows.csv",
            $"kind,{string.Join(',', Enumerable.Range(0, 64).Select(i => $"p{i}"))}\ndark,{values}\nlight,{values}\n"
        );
        string[] rows = ["--input", _folder["rows.csv"], "--columns", "p0..p63"];
        var run = Run("encode", [.. rows, "--output", _folder["codes.csv"]]);
        Assert.Equal(2, run.Code);
        Assert.Contains("--label must name their column, or --condition the label of all rows.", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, Run("encode", [.. rows, "--output", _folder["codes.csv"], "--label", "kind"]).Code);
        Assert.Equal(0, Run("encode", [.. rows, "--output", _folder["dark.csv"], "--condition", "dark"]).Code);
        var (own, dark) = (File.ReadAllLines(_folder["codes.csv"]), File.ReadAllLines(_folder["dark.csv"]));
        Assert.Equal(dark[1], own[1]);
        Assert.NotEqual(dark[2], own[2]);
    }

    [Theory]
    [InlineData("--condition is 'grey'; it must be one of dark, light.", "sample", "--condition", "grey")]
    public void A_label_that_is_not_known_is_refused(string message, params string[] arguments)
    {
        var run = Run(arguments[0], [.. arguments[1..], "--output", _folder["x.csv"]]);
        Assert.Equal((2, message), (run.Code, run.Error.Trim()));
    }

    [Fact]
    public void Other_bundles_take_no_condition()
    {
        var run = ScorerRun.Of("sample", "--model", TestBundles.Pixels, "--condition", "dark", "--output", _folder["x.csv"]);
        Assert.Equal(2, run.Code);
        Assert.Contains("--condition is given, but the rows of", run.Error, StringComparison.Ordinal);
    }

    private static ScorerRun Run(string command, params string[] more) => ScorerRun.Of([command, "--model", TestBundles.Labelled, .. more]);

    private double[] Means(string file) =>
        [
            .. File.ReadAllLines(_folder[file])
                .Skip(1)
                .Select(line => line.Split(',').Average(text => double.Parse(text, CultureInfo.InvariantCulture) / 255)),
        ];

    private Dictionary<string, double> Scores(string file)
    {
        var lines = File.ReadAllLines(_folder[file]);
        string[] columns = lines[0].Split(',');
        var (name, score) = (Array.IndexOf(columns, "file"), Array.IndexOf(columns, "score"));
        return lines[1..]
            .Select(line => line.Split(','))
            .ToDictionary(cells => cells[name], cells => double.Parse(cells[score], CultureInfo.InvariantCulture));
    }

    private static string Picture(int level) => $"P2\n8 8\n255\n{string.Join(' ', Enumerable.Repeat(level, 64))}\n";
}

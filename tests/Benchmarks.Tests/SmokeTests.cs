using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Latent.Tests;

/// <summary>Every benchmark once, as short as it goes: that it runs and that its table holds figures, never how large they are.</summary>
public sealed class SmokeTests
{
    [Theory]
    [InlineData("train", "Training", 8)]
    [InlineData("gemm", "Matrix products", 14)]
    [InlineData("growth", "How cost grows", 14)]
    [InlineData("epoch", "An epoch", 1)]
    [InlineData("endurance", "A long training", 2)]
    [InlineData("score", "Scoring", 3)]
    [InlineData("pipeline", "Scorer, from file to file", 3)]
    public void WritesItsSection(string benchmark, string title, int rows) =>
        Section(title, rows, _ => [benchmark, "--seconds", "0.01", "--rounds", "1", "--steps", "200"]);

    [Theory]
    [InlineData("anomaly", "Detection", 2)]
    [InlineData("stopping", "Early stopping", 1)]
    [InlineData("alarms", "Alarm rates", 1)]
    [InlineData("damage", "Damaged cells", 6)]
    public void WritesItsSectionOfATable(string benchmark, string title, int rows) =>
        Section(
            title,
            rows,
            folder =>
            {
                var tables = Directory.CreateDirectory(Path.Combine(folder, "tables")).FullName;
                var path = Path.Combine(tables, "made.csv");
                var (random, text) = (new Random(1), new StringBuilder("a,b,anomaly\n"));
                for (var row = 0; row < 1000; row++)
                {
                    var (a, isOdd) = (random.NextDouble(), row % 20 == 0);
                    text.Append(CultureInfo.InvariantCulture, $"{a:R},{(isOdd ? random.NextDouble() : a * a):R},{(isOdd ? 1 : 0)}\n");
                }

                File.WriteAllText(path, text.ToString());
                string[] seeds = benchmark == "damage" ? [] : ["--seeds", "1"];
                return [benchmark, "--data", benchmark == "anomaly" ? tables : path, .. seeds];
            }
        );

    private static void Section(string title, int rows, Func<string, string[]> arguments)
    {
        var folder = Directory.CreateTempSubdirectory("latent-benchmarks-").FullName;
        try
        {
            var page = Path.Combine(folder, "page.md");
            Run(folder, [.. arguments(folder), "--write", page]);
            var lines = File.ReadAllLines(page);
            Assert.Contains($"## {title}", lines);
            var table = lines.Where(line => line.StartsWith('|')).ToList();
            var body = table.Where((_, i) => !IsRule(i) && !IsRule(i + 1)).ToList();
            Assert.Equal(rows, body.Count);
            Assert.All(
                body,
                line => Assert.Contains(line.Split('|')[2..], cell => double.TryParse(cell, CultureInfo.InvariantCulture, out _))
            );
            Assert.All(table.SelectMany(line => line.Split('|', StringSplitOptions.TrimEntries)), Finite);

            bool IsRule(int line) => line < table.Count && table[line].StartsWith("|---", StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Finite(string cell)
    {
        if (double.TryParse(cell, CultureInfo.InvariantCulture, out var figure))
            Assert.InRange(figure, -1e9, 1e9);
        Assert.DoesNotContain("NaN", cell);
        Assert.DoesNotContain("Infinity", cell);
    }

    // In a folder without ../shared above it: the peer's part takes minutes.
    private static void Run(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Latent.Benchmarks.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, errors.Result);
    }
}

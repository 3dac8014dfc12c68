using System.Text.RegularExpressions;
using Latent.Tests;

namespace Latent.Contracts.Tests;

/// <summary>What CSharpier leaves as it is: comments, and lines that it can't break.</summary>
public sealed partial class LineLengthTests
{
    private const int Most = 140;

    [Fact]
    public void No_line_of_code_has_more_than_140_columns_but_for_its_texts()
    {
        string[] built = ["bin", "obj", "artifacts"];
        var files = Directory
            .EnumerateFiles(World.Root, "*.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(World.Root, path).Split(Path.DirectorySeparatorChar).Intersect(built).Any())
            .ToList();
        Assert.True(files.Count > 500, $"there are {files.Count} files only");
        var tooLong = files.SelectMany(path => TooLong(path).Select(number => $"{Path.GetRelativePath(World.Root, path)}:{number}"));
        Assert.Empty(tooLong);
    }

    // A text stands on one line, so that it can be searched for; raw ones have the lines that they need.
    private static IEnumerable<int> TooLong(string path)
    {
        var raw = false;
        foreach (var (index, line) in File.ReadLines(path).Index())
        {
            var begins = !raw;
            raw ^= line.Split("\"\"\"").Length % 2 == 0;
            if (begins && !raw && line.Length > Most && Text().Replace(line, "").Length > Most)
                yield return index + 1;
        }
    }

    [GeneratedRegex("""\$?@?\$?"([^"\\]|\\.|"")*["]""")]
    private static partial Regex Text();
}

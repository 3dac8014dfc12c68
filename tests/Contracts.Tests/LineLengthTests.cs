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
        var tooLong = files.SelectMany(path =>
            File.ReadLines(path).Index().Where(line => Length(line.Item) > Most).Select(line => $"{path}:{line.Index + 1}")
        );
        Assert.Empty(tooLong);
    }

    // A message stands on one line, so that it can be searched for.
    private static int Length(string line) => line.Length <= Most ? line.Length : Text().Replace(line, "\"\"").Length;

    [GeneratedRegex("""\$?@?\$?"([^"\\]|\\.|"")*"|^[^"]*"{3}.*""")]
    private static partial Regex Text();
}

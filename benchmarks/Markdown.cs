using System.Text;

namespace Latent.Benchmarks;

/// <summary>Collects sections of a page and prints them as they grow.</summary>
/// <param name="origin">How the figures came about; every section begins with it.</param>
internal sealed class Markdown(string origin)
{
    private const string Preamble = """
        # Benchmarks

        Each section is the output of its command; with `--write docs/benchmarks.md` the command replaces its own section and keeps the others.


        """;

    private readonly List<(string Title, StringBuilder Text)> _sections = [];

    public Markdown Heading(string text)
    {
        _sections.Add((text, new StringBuilder()));
        return Add($"## {text}\n\n").Text(origin);
    }

    public Markdown Text(string text) => Add(text + "\n\n");

    public Markdown Table(IReadOnlyList<string> header, IEnumerable<string[]> rows)
    {
        var table = new StringBuilder()
            .Append("| ")
            .AppendJoin(" | ", header)
            .Append(" |\n|")
            .Append(string.Concat(header.Select((_, i) => i == 0 ? "---|" : "---:|")))
            .Append('\n');
        foreach (var row in rows)
            table.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        return Add(table.Append('\n').ToString());
    }

    /// <summary>Puts the sections into a file in the place of those of the same title; what else it has stays.</summary>
    public void WriteTo(string path)
    {
        var (start, page) = ("", new List<string>());
        foreach (var line in File.Exists(path) ? File.ReadAllLines(path) : [])
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
                page.Add("");
            if (page.Count > 0)
                page[^1] += line + "\n";
            else
                start += line + "\n";
        }

        foreach (var (title, text) in _sections)
        {
            var at = page.FindIndex(s => s.StartsWith($"## {title}\n", StringComparison.Ordinal));
            if (at >= 0)
                page[at] = text.ToString();
            else
                page.Add(text.ToString());
        }

        File.WriteAllText(path, (start.Length > 0 ? start : Preamble) + string.Join("\n\n", page.Select(s => s.TrimEnd('\n'))) + "\n");
    }

    private Markdown Add(string text)
    {
        _sections[^1].Text.Append(text);
        Console.Write(text);
        return this;
    }
}

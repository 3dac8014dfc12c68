using System.Text;

namespace Latent.Benchmarks;

/// <summary>Collects a page and prints it as it grows.</summary>
internal sealed class Markdown
{
    private readonly StringBuilder _page = new();

    public Markdown Heading(string text) => Add($"## {text}\n\n");

    public Markdown Text(string text) => Add(text + "\n\n");

    public Markdown Table(IReadOnlyList<string> header, IEnumerable<string[]> rows)
    {
        var table = new StringBuilder().Append("| ").AppendJoin(" | ", header).Append(" |\n|").Append(string.Concat(header.Select((_, i) => i == 0 ? "---|" : "---:|"))).Append('\n');
        foreach (var row in rows)
            table.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        return Add(table.Append('\n').ToString());
    }

    public override string ToString() => _page.ToString();

    private Markdown Add(string text)
    {
        _page.Append(text);
        Console.Write(text);
        return this;
    }
}

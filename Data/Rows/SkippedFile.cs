using Latent.Contracts;
using Latent.Data.Files;

namespace Latent.Data.Rows;

/// <summary>Writes the list of skipped inputs beside the output, or to standard error if the output is standard output.</summary>
/// <param name="output">Path of the output.</param>
/// <param name="path">Path of the list; null for the usual one beside the output.</param>
internal sealed class SkippedFile(string output, string? path = null) : IDisposable
{
    private readonly string _path = path ?? PathFor(output);
    private OutputFile? _file;
    private StreamWriter? _writer;

    public static string PathFor(string output) => Path.TrimEndingDirectorySeparator(output) + ".skipped.csv";

    public long Count { get; private set; }

    /// <summary>Writes a complete list.</summary>
    /// <returns>The path of the list.</returns>
    public static string Save(string output, IReadOnlyList<SkippedInput> skipped)
    {
        using var file = new SkippedFile(output);
        file.Write(skipped);
        file.Complete();
        return PathFor(output);
    }

    public void Write(IReadOnlyList<SkippedInput> skipped)
    {
        Count += skipped.Count;
        foreach (var (input, reason) in skipped)
        {
            if (output == "-")
            {
                Console.Error.WriteLine(Printable.Of($"skipped {input}: {reason}"));
                continue;
            }

            if (_writer is null)
            {
                _file = new OutputFile(_path);
                _writer = new StreamWriter(_file.Stream) { NewLine = "\n" };
                _writer.WriteLine("input,reason");
            }

            _writer.WriteLine($"{Quote(input)},{Quote(reason)}");
        }
    }

    /// <summary>Gives the list its final name, or removes that of an earlier run if there is nothing to list.</summary>
    public void Complete()
    {
        _writer?.Flush();
        _file?.Complete();
        if (_file is null && output != "-")
            File.Delete(_path);
    }

    public void Dispose()
    {
        _file?.Dispose();
    }

    private static string Quote(string text) => $"\"{Printable.Of(text.ReplaceLineEndings(" ")).Replace("\"", "\"\"")}\"";
}

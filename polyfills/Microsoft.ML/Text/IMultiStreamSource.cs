namespace Microsoft.ML.Data;

public interface IMultiStreamSource
{
    int Count { get; }

    string? GetPathOrNull(int index);

    Stream Open(int index);

    TextReader OpenTextReader(int index);
}

/// <summary>Files by their paths, in which * and ? in the name, and "..." for all folders beneath, stand for the files that match.</summary>
public sealed class MultiFileSource : IMultiStreamSource
{
    private readonly string[] _paths;

    public MultiFileSource(params string[] paths) =>
        _paths = [.. paths.SelectMany(path => Wildcards.Expand(path) is { Length: > 0 } files ? files : [path])];

    public int Count => _paths.Length;

    public string GetPathOrNull(int index) => _paths[index];

    public Stream Open(int index) => File.OpenRead(_paths[index]);

    public TextReader OpenTextReader(int index) => new StreamReader(Open(index));
}

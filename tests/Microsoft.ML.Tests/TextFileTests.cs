using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.ML.Tests;

/// <summary>A folder for text files, and how they are loaded.</summary>
public abstract class TextFileTests : IDisposable
{
    protected MLContext ML { get; } = new(seed: 1);

    protected string Folder { get; } = Directory.CreateTempSubdirectory("latent-").FullName;

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected string Write(string name, string text)
    {
        var path = Path.Combine(Folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    protected string Save(IDataView data)
    {
        var path = Path.Combine(Folder, "saved.txt");
        using var stream = File.Create(path);
        ML.Data.SaveAsText(data, stream, forceDense: true);
        return path;
    }

    /// <summary>The values of the first field.</summary>
    protected T[] First<T>(string text, DataKind kind, bool quoting = false) =>
        [.. ML.Data.LoadFromTextFile(Write("first.csv", text), [new("Value", kind, 0)], ',', allowQuoting: quoting).GetColumn<T>("Value")];
}

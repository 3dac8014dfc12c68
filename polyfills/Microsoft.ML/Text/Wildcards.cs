namespace Microsoft.ML.Data;

/// <summary>Paths that stand for several files.</summary>
internal static class Wildcards
{
    private const string AllBeneath = "...";

    /// <summary>
    /// The files there are of a path, in the order of their names: itself, or those whose names match its * and ?; "..." stands for a
    /// folder and all those beneath it.
    /// </summary>
    public static string[] Expand(string path)
    {
        if (File.Exists(path))
            return [path];
        var dots = path.IndexOf(AllBeneath, StringComparison.Ordinal);
        if (dots < 0 && path.IndexOfAny(['*', '?']) < 0)
            return [];
        var folder = dots < 0 ? Path.GetDirectoryName(path) : path[..dots];
        var name = dots < 0 ? Path.GetFileName(path) : path[(dots + AllBeneath.Length)..].TrimStart('/', '\\');
        if (string.IsNullOrEmpty(folder))
            folder = ".";
        return Directory.Exists(folder) ? [.. Files(folder, name.Length == 0 ? "*" : name, beneath: dots >= 0)] : [];
    }

    private static IEnumerable<string> Files(string folder, string name, bool beneath)
    {
        IEnumerable<string> files = Directory.GetFiles(folder, name).Order(StringComparer.Ordinal);
        return beneath
            ? files.Concat(Directory.GetDirectories(folder).Order(StringComparer.Ordinal).SelectMany(inner => Files(inner, name, true)))
            : files;
    }
}

namespace Latent.Data.Files;

/// <summary>Resolves a path by following every link on the way; a part that does not exist yet keeps its name.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    private static StringComparison Letters => OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;

    public static string Of(string path)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var root = Path.GetPathRoot(full)!;
        var (real, links) = (root, 0);
        var rest = new Stack<string>(Parts(full[root.Length..]));
        while (rest.TryPop(out var part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? root;
                continue;
            }

            var next = Path.Combine(real, part);
            var target = links < MaxLinks ? new FileInfo(next).LinkTarget : null;
            if (target is null)
            {
                real = next;
                continue;
            }

            links++;
            if (Path.IsPathRooted(target))
                (real, target) = (Path.GetPathRoot(target)!, target[Path.GetPathRoot(target)!.Length..]);
            foreach (var step in Parts(target))
                rest.Push(step);
        }

        return real;
    }

    public static bool AreSame(string real, string other) => string.Equals(real, other, Letters);

    /// <summary>Tells whether a real path lies within a real folder, or is the folder.</summary>
    public static bool IsInside(string folder, string path) =>
        AreSame(folder, path)
        || path.StartsWith(Path.EndsInDirectorySeparator(folder) ? folder : folder + Path.DirectorySeparatorChar, Letters);

    // The last first, as a stack takes them.
    private static IEnumerable<string> Parts(string path) =>
        path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries)
            .Where(part => part != ".")
            .Reverse();
}

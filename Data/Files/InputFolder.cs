using System.IO.Enumeration;
using System.Text;
using System.Text.RegularExpressions;
using Latent.Contracts;
using Latent.Contracts.Files;
using Latent.Data.Rows;

namespace Latent.Data.Files;

/// <summary>
/// Represents the files of a folder, or of a pattern such as scans/**/*.png, in an order that does not depend on the machine.
/// </summary>
/// <param name="Path">The folder.</param>
/// <param name="Files">Paths relative to the folder, with forward slashes, in ordinal order.</param>
/// <param name="LeftOut">Hidden and unwanted files, with the reason.</param>
internal sealed record InputFolder(string Path, string[] Files, SkippedInput[] LeftOut)
{
    /// <summary>Tells whether an input is a pattern rather than a name.</summary>
    public static bool IsPattern(string input) => input.AsSpan().IndexOfAny('*', '?') >= 0 && !File.Exists(input);

    /// <summary>Lists a folder with all its subfolders, each once however many links lead to it.</summary>
    /// <param name="input">A folder or a pattern.</param>
    /// <param name="refuses">Tells why a file, by its path, is left out; null if it is wanted.</param>
    /// <param name="cancellation">Cancels the listing.</param>
    /// <exception cref="LatentException">There is no such folder, or it can't be read.</exception>
    public static InputFolder Find(string input, Func<string, string?> refuses, CancellationToken cancellation = default)
    {
        var (folder, pattern) = Split(input);
        if (!Directory.Exists(folder))
        {
            throw new LatentException(
                File.Exists(folder) ? $"{folder} is a file, where a folder is needed." : $"The folder {folder} does not exist."
            );
        }

        try
        {
            var (files, leftOut) = (new List<string>(), new List<SkippedInput>());
            foreach (var (path, name, isHidden) in List(folder, cancellation))
            {
                if (pattern is not null && !Matches(pattern, name))
                    continue;
                var reason = isHidden ? $"{path} is hidden; hidden files and folders are not read." : refuses(path);
                if (reason is null)
                    files.Add(name);
                else
                    leftOut.Add(new SkippedInput(name, reason));
            }

            files.Sort(StringComparer.Ordinal);
            return new InputFolder(folder, [.. files], [.. leftOut.OrderBy(file => file.Input, StringComparer.Ordinal)]);
        }
        catch (Exception e) when (FileError.Is(e))
        {
            throw FileError.CannotRead(folder, e);
        }
    }

    /// <summary>Tells whether a pattern includes a file, which need not exist, or files that a folder would have.</summary>
    public static bool Includes(string pattern, string path)
    {
        var (folder, names) = Split(pattern);
        var name = System.IO.Path.GetRelativePath(RealPath.Of(folder), RealPath.Of(path)).Replace('\\', '/');
        return !name.StartsWith("../", StringComparison.Ordinal)
            && names is not null
            && (Matches(names, name) || Matches(names, name + "/x"));
    }

    // Folders before links to folders: what is reached both ways is called by its own name. A hidden folder is named, and what is in it is
    // not.
    private static IEnumerable<(string Path, string Name, bool IsHidden)> List(string folder, CancellationToken cancellation)
    {
        var root = RealPath.Of(folder);
        var (seen, links) = (new HashSet<string>(StringComparer.Ordinal), new Queue<(string Path, string Name)>());
        var folders = new Stack<(string Path, string Name)>([(folder, "")]);
        while (folders.Count > 0 || links.Count > 0)
        {
            if (!folders.TryPop(out var next))
            {
                next = links.Dequeue();
                // Above the folder, a link leads to the folder again and to what isn't in it.
                if (RealPath.IsInside(RealPath.Of(next.Path), root))
                    continue;
            }

            if (!seen.Add(RealPath.Of(next.Path)))
                continue;
            cancellation.ThrowIfCancellationRequested();
            var inner = new List<(string Path, string Name, bool IsLink)>();
            foreach (var (entry, isFolder, isLink) in Entries(next.Path))
            {
                var (path, name) = (System.IO.Path.Join(next.Path, entry), next.Name + entry);
                if (entry[0] == '.' || !isFolder)
                    yield return (path, name, entry[0] == '.');
                else
                    inner.Add((path, name + "/", isLink));
            }

            foreach (var (path, name, isLink) in inner.OrderBy(e => e.Name, StringComparer.Ordinal))
            {
                if (isLink)
                    links.Enqueue((path, name));
                else
                    folders.Push((path, name));
            }
        }
    }

    // A file is not queried for anything that the folder listing doesn't contain.
    private static FileSystemEnumerable<(string Name, bool IsFolder, bool IsLink)> Entries(string folder) =>
        new(
            folder,
            (ref FileSystemEntry entry) =>
                (entry.FileName.ToString(), entry.IsDirectory, entry.IsDirectory && entry.Attributes.HasFlag(FileAttributes.ReparsePoint)),
            new EnumerationOptions { AttributesToSkip = 0, IgnoreInaccessible = false }
        );

    private static bool Matches(Regex pattern, string name)
    {
        try
        {
            return pattern.IsMatch(name);
        }
        catch (RegexMatchTimeoutException e)
        {
            throw new LatentException($"The pattern takes too long to match {name}; it must have fewer stars.", e);
        }
    }

    private static (string Folder, Regex? Pattern) Split(string input)
    {
        if (!IsPattern(input))
            return (input, null);
        var parts = (OperatingSystem.IsWindows() ? input.Replace('\\', '/') : input).TrimEnd('/').Split('/');
        if (parts[^1] == "**")
            parts = [.. parts, "*"];
        var fixedParts = parts.TakeWhile(p => p.AsSpan().IndexOfAny('*', '?') < 0).ToArray();
        var folder =
            fixedParts.Length == 0 ? "."
            : fixedParts is [""] ? "/"
            : string.Join('/', fixedParts);
        var pattern = new StringBuilder("^");
        var previous = "";
        foreach (var part in parts.Skip(fixedParts.Length))
        {
            // Two ** in a row are one, and no way back to where the first could have ended.
            if (part == "**" && previous != "**")
                pattern.Append("(?:[^/]+/)*");
            else if (part != "**")
                pattern.Append(Regex.Escape(part).Replace("\\*", "[^/]*").Replace("\\?", "[^/]") + "/");
            previous = part;
        }

        return (folder, new Regex(pattern.ToString().TrimEnd('/') + "$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking));
    }
}

using System.Text;
using System.Text.RegularExpressions;
using Latent.Contracts;

namespace Latent.Scorer.Inputs;

/// <summary>Finds pictures in a folder, or by a pattern, in an order that does not depend on the machine.</summary>
internal static class PictureFiles
{
    public static bool IsPattern(string input) => input.AsSpan().IndexOfAny('*', '?') >= 0;

    /// <summary>The folder and the pictures in it, relative to it with forward slashes, in ordinal order.</summary>
    /// <exception cref="LatentException">There are none.</exception>
    public static (string Folder, string[] Files) Find(string input)
    {
        var (folder, pattern) = Split(input);
        if (!Directory.Exists(folder))
            throw new LatentException($"There is no folder {folder}.");
        try
        {
            var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(PictureFile.IsPicture)
                .Select(path => Path.GetRelativePath(folder, path).Replace('\\', '/'))
                .Where(path => pattern is null || pattern.IsMatch(path)).ToArray();
            Array.Sort(files, StringComparer.Ordinal);
            return files.Length > 0
                ? (folder, files)
                : throw new LatentException($"{input} has no pictures; they must be {string.Join(", ", PictureFile.Extensions)} files.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LatentException($"The folder {folder} cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private static (string Folder, Regex? Pattern) Split(string input)
    {
        if (!IsPattern(input))
            return (input, null);
        var parts = input.Replace('\\', '/').TrimEnd('/').Split('/');
        if (parts[^1] == "**")
            parts = [.. parts, "*"];
        var fixedParts = parts.TakeWhile(p => !IsPattern(p)).ToArray();
        var folder = fixedParts.Length == 0 ? "." : fixedParts is [""] ? "/" : string.Join('/', fixedParts);
        var pattern = new StringBuilder("^");
        foreach (var part in parts.Skip(fixedParts.Length))
            pattern.Append(part == "**" ? "(?:[^/]+/)*" : Regex.Escape(part).Replace("\\*", "[^/]*").Replace("\\?", "[^/]") + "/");
        return (folder, new Regex(pattern.ToString().TrimEnd('/') + "$", RegexOptions.CultureInvariant));
    }
}

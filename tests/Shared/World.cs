using System.Reflection;

namespace Latent.Tests;

/// <summary>Where a test runs, and where the repository and the shared data lie.</summary>
internal static class World
{
    public static string Root => Metadata("RepositoryRoot");

    /// <summary>Whether whoever started the tests, in the background of a shell say, has them and their children ignore SIGINT.</summary>
    public static bool InterruptIsIgnored =>
        File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is var mask
        && (Convert.ToUInt64(mask[7..].Trim(), 16) & 2) != 0;

    /// <summary>A file or folder of ../shared/data; the test is skipped, and says so, where it is absent.</summary>
    public static string SharedData(string path)
    {
        var full = Path.GetFullPath(Path.Combine(Root, "..", "shared", "data", path));
        Assert.SkipUnless(Path.Exists(full), $"../shared/data/{path} is not here.");
        return full;
    }

    private static string Metadata(string key) =>
        typeof(World).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}

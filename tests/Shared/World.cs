using System.Reflection;

namespace Latent.Tests;

/// <summary>Where a test runs, and where the repository and the shared data lie.</summary>
internal static class World
{
    public static string Root => Metadata("RepositoryRoot");

    /// <summary>
    /// Gets whether the tests and their children were started to ignore a signal, as the background of a shell does with SIGINT and nohup
    /// with SIGHUP.
    /// </summary>
    /// <param name="signal">"HUP", "INT" or "TERM".</param>
    public static bool Ignores(string signal) =>
        File.Exists("/proc/self/status")
        && File.ReadLines("/proc/self/status").First(line => line.StartsWith("SigIgn:", StringComparison.Ordinal)) is var mask
        && (
            Convert.ToUInt64(mask[7..].Trim(), 16)
                >> (
                    signal switch
                    {
                        "HUP" => 0,
                        "INT" => 1,
                        _ => 14,
                    }
                )
            & 1
        ) != 0;

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

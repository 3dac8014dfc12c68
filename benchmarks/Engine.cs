using System.Reflection;

namespace Latent.Benchmarks;

/// <summary>What runs the tensors, and the pipelines.</summary>
internal static class Engine
{
    public static string Name { get; } = Metadata("Engine");

    /// <summary>Whether that is the TorchSharp package.</summary>
    public static bool IsPackage => Name.EndsWith("(package)", StringComparison.Ordinal);

    public static string MLNet { get; } = Metadata("MLNet");

    private static string Metadata(string key) =>
        typeof(Engine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;
}

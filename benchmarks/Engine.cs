using System.Reflection;

namespace Latent.Benchmarks;

/// <summary>What runs the tensors.</summary>
internal static class Engine
{
    public static string Name { get; } =
        typeof(Engine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Engine").Value!;
}

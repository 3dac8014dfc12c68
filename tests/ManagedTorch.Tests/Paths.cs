using System.Reflection;

namespace Latent.ManagedTorch.Tests;

/// <summary>Where the build found what these tests load or read.</summary>
internal static class Paths
{
    /// <summary>Gets the assembly of TorchSharp that programs on today's .NET get: netstandard's lacks ranges and indices.</summary>
    public static string PackageAssembly => Path.Combine(Metadata("TorchSharpPackage"), "lib", "net8.0", "TorchSharp.dll");

    /// <summary>Gets the folders of TorchSharp's native library and of libtorch; none where libtorch has no package.</summary>
    public static string[] NativeFolders =>
        Metadata("LibtorchPackage") is { Length: > 0 } libtorch
            ? [.. Directory.GetDirectories(Path.Combine(libtorch, "runtimes")).SelectMany(f => Natives(Path.GetFileName(f), libtorch))]
            : [];

    /// <summary>Gets the assembly with the computations that both engines run.</summary>
    public static string TorchOperations => Path.GetFullPath(Metadata("TorchOperations"));

    public static string Metadata(string key) =>
        typeof(Paths).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == key).Value!;

    private static string[] Natives(string system, string libtorch) =>
        [Path.Combine(libtorch, "runtimes", system, "native"), Path.Combine(Metadata("TorchSharpPackage"), "runtimes", system, "native")];
}

using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Latent.Models;

/// <summary>Makes libtorch usable in this process: TorchSharp's native library and what that needs.</summary>
/// <remarks>
/// TorchSharp's own loader writes to the console and copies libtorch beside the program when it fails. <see cref="TryLoad"/> comes before
/// the first use of torch, so that a program can do something else instead.
/// </remarks>
public static class Libtorch
{
    private static readonly Lazy<(string? Reason, string? Note)> s_result = new(Load);

    /// <summary>Gets what had to be done to load libtorch; null if nothing had to be done, and before <see cref="TryLoad"/>.</summary>
    public static string? Note => s_result.IsValueCreated ? s_result.Value.Note : null;

    /// <summary>Loads libtorch, unless the managed engine stands in for it. Later calls repeat the first one's result.</summary>
    /// <param name="reason">Why libtorch can't be loaded, as part of a sentence: "libtorch cannot be loaded here: {reason}".</param>
    /// <returns>Whether torch can be used in this process.</returns>
    public static bool TryLoad([NotNullWhen(false)] out string? reason) => (reason = s_result.Value.Reason) is null;

    private static (string? Reason, string? Note) Load()
    {
        var torch = typeof(TorchSharp.torch).Assembly;
        if (torch.GetCustomAttribute<AssemblyProductAttribute>()?.Product == "Latent's managed engine")
            return default;
        var loader = new LibtorchLoader(torch, LibtorchLoader.FoldersOf(torch), LibraryCopy.CacheFolder);
        return (loader.Load(), loader.Note);
    }
}

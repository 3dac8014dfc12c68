using System.Runtime.CompilerServices;
using Latent.Models;

namespace Latent.Tests;

/// <summary>Loads libtorch before anything here uses torch.</summary>
internal static class LibtorchLoaded
{
    [ModuleInitializer]
    internal static void Load()
    {
        if (!Libtorch.TryLoad(out var reason))
            throw new InvalidOperationException($"libtorch cannot be loaded here: {reason}.");
    }
}

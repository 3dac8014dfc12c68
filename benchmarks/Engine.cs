using System.Reflection;
using Microsoft.ML;

namespace Latent.Benchmarks;

/// <summary>What was measured.</summary>
internal static class Engine
{
    public static string Name => Trainer.Engines.Engine.Name;

    public static string MLNet { get; } =
        $"ML.NET {typeof(MLContext).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]}";
}

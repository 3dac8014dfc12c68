using System.Reflection;

namespace Latent.Trainer.Training;

/// <summary>What trains.</summary>
public static class Engine
{
    /// <summary>Such as "TorchSharp 0.107.0 (polyfill)".</summary>
    public static string Name { get; } = typeof(Engine).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Engine").Value!;
}

using System.Reflection;

namespace Latent.Trainer.Engines;

/// <summary>What trains: the assembly that was loaded by the name TorchSharp.</summary>
public static class Engine
{
    private static readonly Assembly s_assembly = typeof(TorchSharp.torch).Assembly;

    /// <summary>Gets whether the managed engine was loaded rather than TorchSharp's own assembly.</summary>
    public static bool IsManaged { get; } = s_assembly.GetCustomAttribute<AssemblyProductAttribute>()?.Product == "Latent's managed engine";

    /// <summary>Gets the engine as it names itself, such as "TorchSharp 0.107.0" or "Latent's managed engine 0.1.0".</summary>
    public static string Name { get; } =
        $"{s_assembly.GetCustomAttribute<AssemblyProductAttribute>()?.Product} {s_assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]}";
}

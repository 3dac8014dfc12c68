using Latent.Contracts;
using Latent.Models;

namespace Latent.Trainer.Engines;

/// <summary>Decides which engine trains: what was asked for, then LATENT_ENGINE, then what loads.</summary>
internal static class EngineChoice
{
    public const string Variable = "LATENT_ENGINE";

    public static readonly string[] Names = ["auto", "libtorch", "managed"];

    /// <summary>Reads an engine's name.</summary>
    /// <returns>Null where there is no such engine.</returns>
    public static EngineKind? Parse(string name) => Array.IndexOf(Names, name) is >= 0 and var i ? (EngineKind)i : null;

    /// <summary>Makes the engine usable in this process, and gives whether it is the managed one.</summary>
    /// <param name="asked">What the user asked for.</param>
    /// <param name="device">"cpu", "cuda" or "cuda:N".</param>
    /// <param name="say">Is told in one sentence why another engine than libtorch was taken.</param>
    /// <exception cref="LatentException">The engine asked for can't be used here.</exception>
    public static bool IsManaged(EngineKind asked, string device, Action<string> say)
    {
        var kind = asked == EngineKind.Auto ? FromEnvironment() : asked;
        if (kind == EngineKind.Managed || Engine.IsManaged)
        {
            if (device != "cpu")
            {
                throw new LatentException(
                    $"--device {device}: the managed engine computes on the processor only; --engine libtorch can use CUDA."
                );
            }

            return Engine.IsManaged && kind == EngineKind.Libtorch
                ? throw new LatentException(
                    "The managed engine lies in the place of TorchSharp's own assembly here, so libtorch can't be chosen."
                )
                : true;
        }

        if (Libtorch.TryLoad(out var reason))
            return false;
        if (kind == EngineKind.Libtorch || device != "cpu")
        {
            throw new LatentException(
                $"libtorch cannot be loaded here: {reason}; --engine managed trains without it{(device == "cpu" ? "" : ", on the processor")}."
            );
        }

        say($"The managed engine trains, because libtorch cannot be loaded here: {reason}.");
        return true;
    }

    private static EngineKind FromEnvironment()
    {
        var name = Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrEmpty(name)
            ? EngineKind.Auto
            : Parse(name)
                ?? throw new LatentException($"{Variable} is '{name}'; it must be {string.Join(", ", Names[..^1])} or {Names[^1]}.");
    }
}

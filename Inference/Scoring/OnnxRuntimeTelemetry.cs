using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Latent.Inference.Scoring;

/// <summary>
/// Keeps ONNX Runtime from recording what it runs: on Linux and macOS it otherwise leaves an identifier of the device, and the names of
/// processor, models and graphs, in the user's cache folder, and sends them.
/// </summary>
internal static class OnnxRuntimeTelemetry
{
    private const string Variable = "ORT_DISABLE_TELEMETRY";

    private static readonly Lazy<bool> s_off = new(TurnOff);

    /// <summary>
    /// Turns it off for this process, unless the variable ORT_DISABLE_TELEMETRY is 0; call it before anything makes a session.
    /// </summary>
    public static void SwitchOff() => _ = s_off.Value;

    private static bool TurnOff()
    {
        if (Environment.GetEnvironmentVariable(Variable) == "0")
            return false;
        // Its environment reads the variable when it is made, which the call below is too late for; it reads the system's variables, of
        // which .NET changes only a copy outside Windows.
        Environment.SetEnvironmentVariable(Variable, "1");
        if (!OperatingSystem.IsWindows())
            _ = SetVariable([.. "ORT_DISABLE_TELEMETRY\0"u8], [.. "1\0"u8], 1);
        OrtEnv.Instance().DisableTelemetryEvents();
        return true;
    }

    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetVariable(byte[] name, byte[] value, int overwrite);
}

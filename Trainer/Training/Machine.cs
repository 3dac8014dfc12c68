using System.Runtime.InteropServices;

namespace Latent.Trainer.Training;

/// <summary>Describes the machine that this process runs on.</summary>
internal static class Machine
{
    private const string ProcessorFile = "/proc/cpuinfo";

    /// <summary>Gets a description such as "AMD EPYC 7763, 2 processors, .NET 10.0.12".</summary>
    public static string Name { get; } =
        $"{Processor()}, {Environment.ProcessorCount} {(Environment.ProcessorCount == 1 ? "processor" : "processors")}, {RuntimeInformation.FrameworkDescription}";

    /// <summary>Gets the largest number of threads of an engine: four per processor.</summary>
    public static int MaxThreads => 4 * Environment.ProcessorCount;

    private static string Processor()
    {
        var line = File.Exists(ProcessorFile)
            ? File.ReadLines(ProcessorFile).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}

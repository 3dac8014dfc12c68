using System.Runtime.InteropServices;

namespace Latent.Trainer.Training;

/// <summary>The machine that this process runs on.</summary>
internal static class Machine
{
    private const string ProcessorFile = "/proc/cpuinfo";

    /// <summary>Such as "AMD EPYC 7763, 2 processors, .NET 10.0.12".</summary>
    public static string Name { get; } =
        $"{Processor()}, {Environment.ProcessorCount} {(Environment.ProcessorCount == 1 ? "processor" : "processors")}, {RuntimeInformation.FrameworkDescription}";

    /// <summary>The most threads that an engine is given: four for each processor.</summary>
    public static int MostThreads => 4 * Environment.ProcessorCount;

    private static string Processor()
    {
        var line = File.Exists(ProcessorFile)
            ? File.ReadLines(ProcessorFile).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return line?.Split(':', 2)[1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}

using System.Diagnostics;
using static TorchSharp.torch;

namespace Latent.Benchmarks;

/// <summary>How fast one reference model trains in this process.</summary>
/// <param name="SamplesPerSecond">Rows that went through a whole step a second.</param>
/// <param name="BytesPerStep">Managed bytes allocated a step.</param>
/// <param name="Generation2">Generation-2 collections while timing.</param>
/// <param name="PeakMegabytes">Largest resident size of the process so far.</param>
internal sealed record TrainingSpeed(double SamplesPerSecond, double BytesPerStep, int Generation2, double PeakMegabytes)
{
    private const int WarmUp = 20;

    /// <summary>Trains for a while after a few steps that don't count.</summary>
    public static TrainingSpeed Measure(string name, double seconds, int threads)
    {
        set_num_threads(threads);
        manual_seed(0);
        using var training = new ReferenceTraining(name);
        for (var i = 0; i < WarmUp; i++)
            training.Step();
        var (bytes, collections) = (GC.GetAllocatedBytesForCurrentThread(), GC.CollectionCount(2));
        var (steps, clock) = (0, Stopwatch.StartNew());
        for (; steps == 0 || clock.Elapsed.TotalSeconds < seconds; steps++)
            training.Step();
        var spent = clock.Elapsed.TotalSeconds;
        using var process = Process.GetCurrentProcess();
        return new(
            steps * training.Batch / spent,
            (double)(GC.GetAllocatedBytesForCurrentThread() - bytes) / steps,
            GC.CollectionCount(2) - collections,
            process.PeakWorkingSet64 / 1048576.0
        );
    }
}

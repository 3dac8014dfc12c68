using System.Diagnostics;
using System.Globalization;
using static TorchSharp.torch;

namespace Latent.Benchmarks;

/// <summary>Whether a long training holds on to memory.</summary>
internal static class EnduranceBenchmark
{
    private const string Model = "iwae";
    private const int Early = 20; // the first look comes after a twentieth of the steps
    private const double Megabyte = 1 << 20;

    public static void Run(Markdown report, int steps, int threads)
    {
        report
            .Heading("A long training")
            .Text(
                $"Training {Model} for {steps:N0} steps in one process, {Engine.Name}, {threads} threads. Generation-2 collections are counted over the second half."
            );
        set_num_threads(threads);
        manual_seed(0);
        using var training = new ReferenceTraining(Model);
        var (early, half, bytes) = (0L, 0, 0L);
        for (var step = 1; step <= steps; step++)
        {
            training.Step();
            if (step == steps / Early)
                early = Resident();
            if (step == steps / 2)
                (half, bytes) = (GC.CollectionCount(2), GC.GetAllocatedBytesForCurrentThread());
        }

        var perStep = (GC.GetAllocatedBytesForCurrentThread() - bytes) / (steps - (steps / 2));
        var late = Resident();
        report.Table(
            ["resident after step", "MB"],
            [
                [$"{steps / Early:N0}", Number(early / Megabyte)],
                [$"{steps:N0}", Number(late / Megabyte)],
            ]
        );
        report.Text(
            FormattableString.Invariant(
                $"Growth: {100.0 * (late - early) / early:0.00}%. Generation-2 collections: {GC.CollectionCount(2) - half}. Managed bytes per step: {perStep:N0}."
            )
        );
    }

    private static long Resident()
    {
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}

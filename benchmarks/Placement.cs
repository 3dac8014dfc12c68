using System.Diagnostics;

namespace Latent.Benchmarks;

/// <summary>How the processors lie to each other at this moment: virtual ones move between a host's cores.</summary>
/// <param name="BarrierNanoseconds">One hand-over between two spinning threads.</param>
/// <param name="PeakOne">GFLOP/s of fused multiply-adds on one thread.</param>
/// <param name="PeakAll">The same on all threads at once.</param>
internal sealed record Placement(double BarrierNanoseconds, double PeakOne, double PeakAll)
{
    private const int Handovers = 20_000;

    public static Placement Measure(int threads)
    {
        using var one = new Peak(1);
        using var all = new Peak(threads);
        return new(Barrier(), one.Now(), all.Now());
    }

    /// <summary>A word for a round: "near" is normal; others explain a bad one.</summary>
    public string Describe() =>
        PeakAll < 1.4 * PeakOne && Environment.ProcessorCount > 1 ? "shared core"
        : BarrierNanoseconds > 200 ? "far"
        : "near";

    private static double Barrier()
    {
        var turn = 0;
        var other = new Thread(() =>
        {
            for (var i = 0; i < Handovers; i++)
            {
                while (Volatile.Read(ref turn) != 2 * i + 1) { }

                Volatile.Write(ref turn, 2 * i + 2);
            }
        });
        other.Start();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Handovers; i++)
        {
            Volatile.Write(ref turn, 2 * i + 1);
            while (Volatile.Read(ref turn) != 2 * i + 2) { }
        }

        other.Join();
        return clock.Elapsed.TotalNanoseconds / (2 * Handovers);
    }
}

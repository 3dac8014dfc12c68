using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Latent.Benchmarks;

/// <summary>How the processors lie to each other at this moment: virtual ones move between a host's cores.</summary>
/// <param name="BarrierNanoseconds">One hand-over between two spinning threads.</param>
/// <param name="PeakOne">GFLOP/s of fused multiply-adds on one thread.</param>
/// <param name="PeakAll">The same on all threads at once.</param>
internal sealed record Placement(double BarrierNanoseconds, double PeakOne, double PeakAll)
{
    private const int Handovers = 20_000;
    private const int FmaIterations = 4_000_000;

    public static Placement Measure(int threads) => new(Barrier(), Peak(1), Peak(threads));

    /// <summary>A word for a round: "near" is normal; others explain a bad one.</summary>
    public string Describe() => PeakAll < 1.4 * PeakOne && Environment.ProcessorCount > 1 ? "shared core" : BarrierNanoseconds > 200 ? "far" : "near";

    private static double Barrier()
    {
        var turn = 0;
        var other = new Thread(() =>
        {
            for (var i = 0; i < Handovers; i++)
            {
                while (Volatile.Read(ref turn) != 2 * i + 1)
                {
                }

                Volatile.Write(ref turn, 2 * i + 2);
            }
        });
        other.Start();
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Handovers; i++)
        {
            Volatile.Write(ref turn, 2 * i + 1);
            while (Volatile.Read(ref turn) != 2 * i + 2)
            {
            }
        }

        other.Join();
        return clock.Elapsed.TotalNanoseconds / (2 * Handovers);
    }

    /// <summary>Best of a few runs, in GFLOP/s.</summary>
    public static double Peak(int threads) => Enumerable.Range(0, 5).Max(_ => Peak(threads, FmaIterations));

    // Not Vector512.IsHardwareAccelerated: .NET says no on processors that slow down under 512-bit work, and they still reach more.
    /// <summary>Independent fused multiply-adds on every thread at once for two milliseconds or so, in GFLOP/s.</summary>
    public static double PeakNow(int threads) => Peak(threads, FmaIterations / 4);

    private static double Peak(int threads, int iterations)
    {
        using var start = new Barrier(threads);
        var (starts, ends) = (new long[threads], new long[threads]);
        var workers = Enumerable.Range(1, threads - 1).Select(i => new Thread(() => Work(i))).ToList();
        workers.ForEach(w => w.Start());
        Work(0);
        workers.ForEach(w => w.Join());
        var width = Avx512F.IsSupported ? 16 : 8;
        return 2.0 * width * 10 * iterations * threads / Stopwatch.GetElapsedTime(starts.Min(), ends.Max()).TotalNanoseconds;

        void Work(int i)
        {
            start.SignalAndWait();
            starts[i] = Stopwatch.GetTimestamp();
            Fma(iterations);
            ends[i] = Stopwatch.GetTimestamp();
        }
    }

    // Inlined into a loop of its caller, the sums would leave the registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Fma(int iterations)
    {
        if (Avx512F.IsSupported)
        {
            var (m, s) = (Vector512.Create(0.999f), Vector512.Create(0.001f));
            var (a, b, c, d, e) = (m, m, m, m, m);
            var (f, g, h, i, j) = (m, m, m, m, m);
            for (var n = 0; n < iterations; n++)
            {
                a = Vector512.FusedMultiplyAdd(a, m, s);
                b = Vector512.FusedMultiplyAdd(b, m, s);
                c = Vector512.FusedMultiplyAdd(c, m, s);
                d = Vector512.FusedMultiplyAdd(d, m, s);
                e = Vector512.FusedMultiplyAdd(e, m, s);
                f = Vector512.FusedMultiplyAdd(f, m, s);
                g = Vector512.FusedMultiplyAdd(g, m, s);
                h = Vector512.FusedMultiplyAdd(h, m, s);
                i = Vector512.FusedMultiplyAdd(i, m, s);
                j = Vector512.FusedMultiplyAdd(j, m, s);
            }

            Keep(Vector512.Sum(a + b + c + d + e + f + g + h + i + j));
        }
        else
        {
            var (m, s) = (Vector256.Create(0.999f), Vector256.Create(0.001f));
            var (a, b, c, d, e) = (m, m, m, m, m);
            var (f, g, h, i, j) = (m, m, m, m, m);
            for (var n = 0; n < iterations; n++)
            {
                a = Vector256.FusedMultiplyAdd(a, m, s);
                b = Vector256.FusedMultiplyAdd(b, m, s);
                c = Vector256.FusedMultiplyAdd(c, m, s);
                d = Vector256.FusedMultiplyAdd(d, m, s);
                e = Vector256.FusedMultiplyAdd(e, m, s);
                f = Vector256.FusedMultiplyAdd(f, m, s);
                g = Vector256.FusedMultiplyAdd(g, m, s);
                h = Vector256.FusedMultiplyAdd(h, m, s);
                i = Vector256.FusedMultiplyAdd(i, m, s);
                j = Vector256.FusedMultiplyAdd(j, m, s);
            }

            Keep(Vector256.Sum(a + b + c + d + e + f + g + h + i + j));
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Keep(float value) => GC.KeepAlive(value);
}

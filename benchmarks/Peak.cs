using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Latent.Benchmarks;

/// <summary>
/// What independent fused multiply-adds reach on some threads at once. The threads live as long as the meter: new ones begin on
/// the processor of whoever made them, and two on one processor would measure half.
/// </summary>
internal sealed class Peak : IDisposable
{
    /// <summary>About two milliseconds.</summary>
    private const int Iterations = 1_000_000;

    /// <summary>Long enough that the scheduler has moved every thread to a processor of its own.</summary>
    private const int WarmUp = Iterations / 5;

    private readonly Barrier _barrier;
    private readonly long[] _starts;
    private readonly long[] _ends;
    private volatile bool _done;

    public Peak(int threads)
    {
        _barrier = new Barrier(threads);
        (_starts, _ends) = (new long[threads], new long[threads]);
        for (var i = 1; i < threads; i++)
        {
            var number = i;
            new Thread(() =>
            {
                while (true)
                {
                    _barrier.SignalAndWait();
                    if (_done)
                        return;
                    Work(number);
                }
            })
            {
                IsBackground = true,
            }.Start();
        }
    }

    /// <summary>GFLOP/s, the best of three runs.</summary>
    public double Now() =>
        Enumerable
            .Range(0, 3)
            .Max(_ =>
            {
                _barrier.SignalAndWait();
                Work(0);
                var width = Avx512F.IsSupported ? 16 : 8;
                return 2.0
                    * width
                    * 10
                    * Iterations
                    * _starts.Length
                    / Stopwatch.GetElapsedTime(_starts.Min(), _ends.Max()).TotalNanoseconds;
            });

    public void Dispose()
    {
        _done = true;
        _barrier.SignalAndWait();
    }

    private void Work(int thread)
    {
        Fma(WarmUp);
        _barrier.SignalAndWait();
        _starts[thread] = Stopwatch.GetTimestamp();
        Fma(Iterations);
        _ends[thread] = Stopwatch.GetTimestamp();
        _barrier.SignalAndWait();
    }

    // Not Vector512.IsHardwareAccelerated: .NET says no on processors that slow down under 512-bit work, and they still reach more.
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

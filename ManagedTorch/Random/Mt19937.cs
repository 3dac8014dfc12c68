using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TorchSharp;

/// <summary>
/// PyTorch's CPU generator: the Mersenne twister MT19937 (Matsumoto and Nishimura 1998) with the second value of each pair of normal
/// draws kept.
/// </summary>
internal sealed class Mt19937
{
    private const int N = 624;
    private const int M = 397;
    private static readonly int Width = Vector256<uint>.Count;

    private readonly uint[] _state = new uint[N];
    private int _left;
    private uint _next;

    public Mt19937(ulong seed) => Seed(seed);

    /// <summary>The unused half of the last pair of normal draws, if any.</summary>
    private double? NextNormal { get; set; }

    public void Seed(ulong seed)
    {
        _state[0] = (uint)seed;
        for (var i = 1; i < N; i++)
            _state[i] = 1812433253u * (_state[i - 1] ^ (_state[i - 1] >> 30)) + (uint)i;
        (_left, _next) = (1, 0);
        NextNormal = null;
    }

    public uint Next32()
    {
        if (--_left == 0)
            Twist();
        return Temper(_state[_next++]);
    }

    /// <summary>As many values as calls of <see cref="Next32()"/> would give, and the same.</summary>
    public void Next32(Span<uint> values)
    {
        while (!values.IsEmpty)
        {
            if (_left == 1)
            {
                Twist();
                _left = N + 1;
            }

            var count = Math.Min(_left - 1, values.Length);
            Temper(_state.AsSpan((int)_next, count), values);
            _left -= count;
            _next += (uint)count;
            values = values[count..];
        }
    }

    public ulong Next64()
    {
        var high = Next32();
        return ((ulong)high << 32) | Next32();
    }

    /// <summary>The low 24 bits of a draw as a fraction, in [0, 1).</summary>
    public static float Fraction(uint bits) => (bits & 0xffffff) * (1f / (1 << 24));

    /// <summary>Uniform in [0, 1) from the low 53 bits of two draws.</summary>
    public double NextDouble() => (Next64() & ((1ul << 53) - 1)) * (1.0 / (1ul << 53));

    /// <summary>A standard normal draw by Box and Muller (1958), in double precision, two at a time.</summary>
    public double NextGaussian()
    {
        if (NextNormal is { } kept)
        {
            NextNormal = null;
            return kept;
        }

        var theta = 2 * Math.PI * NextDouble();
        var u = NextDouble();
        var radius = Math.Sqrt(-2 * Log1P(-u));
        NextNormal = radius * Math.Sin(theta);
        return radius * Math.Cos(theta);
    }

    private void Twist()
    {
        (_left, _next) = (N, 0);
        ref var s = ref MemoryMarshal.GetArrayDataReference(_state);
        var i = 0;
        // A value becomes that of M places on, or of N - M places back, which has changed by then; both are more than a vector away.
        for (; i + Width <= N - M; i += Width)
            (Load(ref s, i + M) ^ Mix(Load(ref s, i), Load(ref s, i + 1))).StoreUnsafe(ref s, (nuint)i);
        for (; i < N - M; i++)
            _state[i] = _state[i + M] ^ Mix(_state[i], _state[i + 1]);
        for (; i + Width <= N - 1; i += Width)
            (Load(ref s, i + M - N) ^ Mix(Load(ref s, i), Load(ref s, i + 1))).StoreUnsafe(ref s, (nuint)i);
        for (; i < N; i++)
            _state[i] = _state[i + M - N] ^ Mix(_state[i], _state[(i + 1) % N]);
    }

    private static void Temper(ReadOnlySpan<uint> from, Span<uint> to)
    {
        ref var source = ref MemoryMarshal.GetReference(from);
        ref var target = ref MemoryMarshal.GetReference(to);
        var i = 0;
        for (; i + Width <= from.Length; i += Width)
            Temper(Load(ref source, i)).StoreUnsafe(ref target, (nuint)i);
        for (; i < from.Length; i++)
            to[i] = Temper(from[i]);
    }

    private static uint Temper(uint y)
    {
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >> 18);
    }

    private static Vector256<uint> Temper(Vector256<uint> y)
    {
        y ^= y >> 11;
        y ^= (y << 7) & Vector256.Create(0x9d2c5680);
        y ^= (y << 15) & Vector256.Create(0xefc60000);
        return y ^ (y >> 18);
    }

    private static uint Mix(uint u, uint v) => (((u & 0x80000000) | (v & 0x7fffffff)) >> 1) ^ ((v & 1) * 0x9908b0df);

    private static Vector256<uint> Mix(Vector256<uint> u, Vector256<uint> v)
    {
        var joined = (u & Vector256.Create(0x80000000)) | (v & Vector256.Create(0x7fffffffu));
        return (joined >> 1) ^ (Vector256.Create(0x9908b0df) & (Vector256<uint>.Zero - (v & Vector256<uint>.One)));
    }

    private static Vector256<uint> Load(ref uint from, int at) => Vector256.LoadUnsafe(ref from, (nuint)at);

    /// <summary>log(1 + x) that keeps its digits near 0 (Kahan's correction).</summary>
    private static double Log1P(double x)
    {
        var y = 1 + x;
        return y == 1 ? x : Math.Log(y) * x / (y - 1);
    }
}

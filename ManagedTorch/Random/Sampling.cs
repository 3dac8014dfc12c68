using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using TorchSharp.Kernels;

namespace TorchSharp;

/// <summary>ATen's CPU algorithms for random numbers, so that a seed gives the numbers that it gives in PyTorch.</summary>
internal static unsafe class Sampling
{
    public const int Block = 16;
    private static readonly int Width = Vector256<float>.Count;

    public static void Uniform(Mt19937 engine, Span<float> values, float from, float to)
    {
        var range = to - from;
        var bits = MemoryMarshal.Cast<float, uint>(values);
        engine.Next32(bits);
        var i = 0;
        for (; i + Width <= values.Length; i += Width)
            Vector256.FusedMultiplyAdd(Fraction(bits[i..]), Vector256.Create(range), Vector256.Create(from)).CopyTo(values[i..]);
        for (; i < values.Length; i++)
            values[i] = float.FusedMultiplyAdd(Mt19937.Fraction(bits[i]), range, from);
    }

    /// <summary>
    /// In blocks: sixteen or more values, which lie row by row, come from uniform ones in blocks of 16, the last block drawn anew; others
    /// come one by one.
    /// </summary>
    public static void Normal(Mt19937 engine, Span<float> values, float mean, float std, bool inBlocks)
    {
        if (!inBlocks)
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = (float)(engine.NextGaussian() * std + mean);
            return;
        }

        Uniform(engine, values, 0, 1);
        fixed (float* start = values)
        {
            var job = new BoxMullerJob(start, mean, std);
            ThreadTeam.For(values.Length / Block, Elementwise.Grain / Block, ref job);
        }

        if (values.Length % Block == 0)
            return;
        var last = values[^Block..];
        Uniform(engine, last, 0, 1);
        BoxMuller(last, mean, std);
    }

    /// <summary>One where a draw in double precision is less than the probability, else zero.</summary>
    public static void Bernoulli(Mt19937 engine, Span<float> values, double probability)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = engine.NextDouble() < probability ? 1 : 0;
    }

    /// <summary>The low 24 bits as fractions, in [0, 1).</summary>
    private static Vector256<float> Fraction(ReadOnlySpan<uint> bits) =>
        Vector256.ConvertToSingle((Vector256.Create(bits) & Vector256.Create(0xffffffu)).AsInt32()) * (1f / (1 << 24));

    private readonly struct BoxMullerJob(float* values, float mean, float std) : IRangeJob
    {
        public void Run(long start, long end)
        {
            for (var i = start; i < end; i++)
                BoxMuller(new Span<float>(values + (i * Block), Block), mean, std);
        }
    }

    private static void BoxMuller(Span<float> block, float mean, float std)
    {
        var u = Vector256.Create<float>(block);
        var v = Vector256.Create<float>(block[(Block / 2)..]);
        var radius = Vector256.Sqrt(-2f * Vector256.Log(Vector256<float>.One - u));
        var (sin, cos) = Vector256.SinCos(2 * MathF.PI * v);
        var (scale, shift) = (Vector256.Create(std), Vector256.Create(mean));
        Vector256.FusedMultiplyAdd(radius * cos, scale, shift).CopyTo(block);
        Vector256.FusedMultiplyAdd(radius * sin, scale, shift).CopyTo(block[(Block / 2)..]);
    }
}

using System.Numerics;

namespace Latent.Inference.Scoring;

/// <summary>
/// Philox 4x32-10 (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011): computes random numbers as a
/// function of a key and a counter, so that a row's draw depends on nothing but the seed and the row.
/// </summary>
internal static class Philox
{
    /// <summary>Computes the four 32-bit words of key (k0, k1) and counter (c0 … c3).</summary>
    public static (uint, uint, uint, uint) Words(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (var round = 0; round < 10; round++)
        {
            var p0 = (ulong)0xD2511F53 * c0;
            var p1 = (ulong)0xCD9E8D57 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return (c0, c1, c2, c3);
    }

    /// <summary>Fills a row with standard normal draws (Box and Muller 1958).</summary>
    /// <param name="seed">The key.</param>
    /// <param name="rowLow">Low half of the row's number.</param>
    /// <param name="rowHigh">High half of the row's number.</param>
    /// <param name="values">Where the draws go.</param>
    public static void Normal(long seed, ulong rowLow, ulong rowHigh, Span<float> values)
    {
        var fold = (uint)(rowHigh >> 32) ^ BitOperations.RotateLeft((uint)rowHigh, 16);
        for (var i = 0; i < values.Length; i += 4)
        {
            var (a, b, c, d) = Words((uint)(i / 4), (uint)rowLow, (uint)(rowLow >> 32), fold, (uint)seed, (uint)(seed >> 32));
            Pair(a, b, values[i..]);
            if (i + 2 < values.Length)
                Pair(c, d, values[(i + 2)..]);
        }
    }

    /// <summary>Fills the end of a row with draws that are uniform in [0, 1).</summary>
    /// <param name="seed">The key.</param>
    /// <param name="row">The row's number.</param>
    /// <param name="first">Number of fours of draws that the row has already.</param>
    /// <param name="values">Where the draws go.</param>
    public static void Uniform(long seed, ulong row, int first, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var (a, _, _, _) = Words((uint)(first + i), (uint)row, (uint)(row >> 32), 0, (uint)seed, (uint)(seed >> 32));
            values[i] = (a >> 8) * (1f / (1 << 24));
        }
    }

    private static void Pair(uint a, uint b, Span<float> values)
    {
        // (a + 0.5) / 2^32 lies in (0, 1): the logarithm is finite.
        var radius = Math.Sqrt(-2 * Math.Log((a + 0.5) * (1.0 / 4294967296)));
        var (sine, cosine) = Math.SinCos(2 * Math.PI * (b * (1.0 / 4294967296)));
        values[0] = (float)(radius * cosine);
        if (values.Length > 1)
            values[1] = (float)(radius * sine);
    }
}

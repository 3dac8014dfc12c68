using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>Baseline JPEG with the tables of ITU-T T.81, Annex K: grey, or YCbCr without subsampling; alpha is dropped.</summary>
internal static class JpegEncoder
{
    // Annex K.1 and K.2, in natural order.
    private static ReadOnlySpan<byte> LumaQuant =>
    [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    ];

    private static ReadOnlySpan<byte> ChromaQuant =>
    [
        17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    ];

    // The orthonormal DCT-II: row u, column x.
    private static readonly Vector256<float>[] _dct = [.. Enumerable.Range(0, 8).Select(u => Vector(x => Basis(u, x)))];

    // Its transpose.
    private static readonly Vector256<float>[] _transposed = [.. Enumerable.Range(0, 8).Select(x => Vector(u => Basis(u, x)))];

    /// <param name="image">The picture.</param>
    /// <param name="quality">1 to 100, in the scale of libjpeg.</param>
    public static byte[] Encode(RawImage image, int quality)
    {
        var grey = image.IsGrey();
        var components = grey ? 1 : 3;
        var scale = quality < 50 ? 5000 / quality : 200 - (2 * quality);
        var quant = new[] { Scale(LumaQuant, scale), Scale(ChromaQuant, scale) };
        var writer = new JpegWriter();
        writer.WriteHeaders(image.Width, image.Height, components, quant);

        var prediction = new int[components];
        var samples = new Vector256<float>[8];
        for (var y = 0; y < image.Height; y += 8)
        {
            for (var x = 0; x < image.Width; x += 8)
            {
                for (var c = 0; c < components; c++)
                {
                    Load(image, x, y, grey ? -1 : c, samples);
                    var table = c == 0 ? 0 : 1;
                    writer.WriteBlock(Quantize(samples, quant[table]), table, ref prediction[c]);
                }
            }
        }

        return writer.Finish();
    }

    private static double Basis(int u, int x) => Math.Cos(((2 * x) + 1) * u * Math.PI / 16) * Math.Sqrt(u == 0 ? 0.125 : 0.25);

    private static Vector256<float> Vector(Func<int, double> lane) =>
        Vector256.Create<float>([.. Enumerable.Range(0, 8).Select(i => (float)lane(i))]);

    private static byte[] Scale(ReadOnlySpan<byte> table, int scale)
    {
        var result = new byte[64];
        for (var i = 0; i < 64; i++)
            result[i] = (byte)Math.Clamp(((table[i] * scale) + 50) / 100, 1, 255);
        return result;
    }

    // Eight rows of a component, -1 for grey, level-shifted; beyond the edges the last samples are repeated.
    private static void Load(RawImage image, int left, int top, int component, Vector256<float>[] rows)
    {
        Span<float> row = stackalloc float[8];
        for (var y = 0; y < 8; y++)
        {
            var line = image.Bgra.AsSpan(4 * Math.Min(top + y, image.Height - 1) * image.Width);
            for (var x = 0; x < 8; x++)
            {
                var pixel = line.Slice(4 * Math.Min(left + x, image.Width - 1), 4);
                var (b, g, r) = (pixel[0], pixel[1], pixel[2]);
                row[x] = component switch
                {
                    0 => (0.299f * r) + (0.587f * g) + (0.114f * b) - 128,
                    1 => (-0.168735892f * r) - (0.331264108f * g) + (0.5f * b),
                    2 => (0.5f * r) - (0.418687589f * g) - (0.081312411f * b),
                    _ => g - 128,
                };
            }

            rows[y] = Vector256.Create<float>(row);
        }
    }

    private static int[] Quantize(Vector256<float>[] samples, byte[] quant)
    {
        var half = Multiply(_dct, samples);
        var coefficients = MemoryMarshal.Cast<Vector256<float>, float>(Multiply(half, _transposed).AsSpan());
        var result = new int[64];
        for (var k = 0; k < 64; k++)
        {
            var natural = JpegScan.NaturalOrder(k);
            result[k] = (int)MathF.Round(coefficients[natural] / quant[natural]);
        }

        return result;
    }

    private static Vector256<float>[] Multiply(Vector256<float>[] a, Vector256<float>[] b)
    {
        var result = new Vector256<float>[8];
        for (var i = 0; i < 8; i++)
        {
            for (var k = 0; k < 8; k++)
                result[i] += b[k] * a[i][k];
        }

        return result;
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Latent.Data.Images;

/// <summary>Makes one value of a pixel: a channel, or the thousandths of grey (ITU-R BT.601 luma); both exactly.</summary>
internal readonly struct ChannelMix
{
    private readonly int _first;
    private readonly int _second;
    private readonly int _third;

    // Pairs of 16 bits: the first and third byte's shares, and the second's and 0.
    private readonly Vector256<int> _outer;
    private readonly Vector256<int> _inner;

    private ChannelMix(int first, int second, int third)
    {
        (_first, _second, _third) = (first, second, third);
        (_outer, _inner) = (Vector256.Create((third << 16) | first), Vector256.Create(second));
    }

    /// <summary>Mixes grey.</summary>
    /// <param name="red">Index of red among a pixel's bytes, 0 or 2; green is 1.</param>
    public static ChannelMix Grey(int red) => red == 0 ? new(299, 587, 114) : new(114, 587, 299);

    /// <summary>Takes a byte.</summary>
    /// <param name="index">0 to 2.</param>
    public static ChannelMix Byte(int index) => new(index == 0 ? 1 : 0, index == 1 ? 1 : 0, index == 2 ? 1 : 0);

    /// <summary>Gets the value of a pixel, whose first byte is the lowest of the word.</summary>
    public float Value(uint pixel) => _first * (byte)pixel + _second * (byte)(pixel >> 8) + _third * (byte)(pixel >> 16);

    /// <summary>Gets the values of eight pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Values(Vector256<uint> pixels)
    {
        var bytes = Vector256.Create(0x00FF00FFu);
        var (outer, inner) = ((pixels & bytes).AsInt32(), (Vector256.ShiftRightLogical(pixels, 8) & bytes).AsInt32());
        return Vector256.ConvertToSingle(
            Avx2.IsSupported
                ? Avx2.MultiplyAddAdjacent(outer.AsInt16(), _outer.AsInt16()) + Avx2.MultiplyAddAdjacent(inner.AsInt16(), _inner.AsInt16())
                : (outer & Vector256.Create(255)) * _first
                    + Vector256.ShiftRightLogical(outer, 16) * _third
                    + (inner & Vector256.Create(255)) * _second
        );
    }
}

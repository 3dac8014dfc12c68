using System.Runtime.InteropServices;

namespace Latent.Inference.Scoring;

/// <summary>Makes the buffers that graphs read and write.</summary>
internal static class AlignedBuffer
{
    private const int Alignment = 64;

    /// <summary>Makes a buffer that stays where it is, and begins where a vector register does.</summary>
    /// <remarks>
    /// OrtValue pins what it points to; the pinned heap keeps that from fragmenting the rest. Sums over values that begin at another place
    /// of a vector register are rounded otherwise: where all begin at one, a row's results are the same in each run.
    /// </remarks>
    /// <param name="length">Number of values.</param>
    public static Memory<float> Create(int length)
    {
        var buffer = GC.AllocateArray<float>(checked(length + (Alignment / sizeof(float))), pinned: true);
        var beyond = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(buffer, 0) % Alignment);
        return buffer.AsMemory((Alignment - beyond) % Alignment / sizeof(float), length);
    }
}

using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>Which vectors the kernels use: the widest that the processor has, or fewer bits where a test asks for them.</summary>
internal static class Simd
{
    /// <summary>512, 256 or 128.</summary>
    public static int Widest { get; } =
        Avx512F.IsSupported && Avx512DQ.IsSupported ? 512
        : Avx2.IsSupported && Fma.IsSupported ? 256
        : 128;

    /// <summary>The width in bits that kernels take; never more than Widest.</summary>
    public static int Width { get; private set; } = Widest;

    /// <summary>Chooses narrower vectors than the processor has, for tests.</summary>
    public static void Use(int width) => Width = Math.Min(width, Widest);
}

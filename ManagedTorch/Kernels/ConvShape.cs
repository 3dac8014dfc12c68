namespace TorchSharp.Kernels;

/// <summary>
/// The sizes of a two-dimensional convolution: images [batch, channels, height, width], weights [out, in, kernel height, kernel width].
/// </summary>
internal readonly record struct ConvShape(
    int Batch,
    int InChannels,
    int InHeight,
    int InWidth,
    int OutChannels,
    int KernelHeight,
    int KernelWidth,
    int StrideH,
    int StrideW,
    int PadH,
    int PadW,
    int OutHeight,
    int OutWidth
)
{
    public int OutPlane => OutHeight * OutWidth;

    public int Kernel => KernelHeight * KernelWidth;
}

using TorchSharp.Autograd;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public abstract class ConvolutionTranspose : Convolution
        {
            private protected ConvolutionTranspose(string name, long[] shape, long outputs, bool hasBias, Device? device, ScalarType? dtype)
                : base(name, shape, outputs, hasBias, device, dtype) { }
        }

        /// <summary>The gradient of a convolution used as an operation of its own; weight [in, out, kernel height, kernel width].</summary>
        public sealed class ConvTranspose2d : ConvolutionTranspose
        {
            private readonly long _stride;
            private readonly long _padding;
            private readonly long _outputPadding;

            internal ConvTranspose2d(
                long inputs,
                long outputs,
                long kernel,
                long stride,
                long padding,
                long outputPadding,
                bool hasBias,
                Device? device,
                ScalarType? dtype
            )
                : base(nameof(ConvTranspose2d), [inputs, outputs, kernel, kernel], outputs, hasBias, device, dtype) =>
                (_stride, _padding, _outputPadding) = (stride, padding, outputPadding);

            public override Tensor forward(Tensor input)
            {
                var window = ConvWindow.Create("conv_transpose2d", input, weight, [_stride], [_padding], _outputPadding);
                return Conv2dNode.Run(input, weight, bias, window.Transposed(input, weight, bias), transposed: true);
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static ConvTranspose2d ConvTranspose2d(
                long in_channels,
                long out_channels,
                long kernel_size,
                long stride = 1,
                long padding = 0,
                long output_padding = 0,
                long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros,
                long groups = 1,
                bool bias = true,
                Device? device = null,
                ScalarType? dtype = null
            )
            {
                CheckConvolution(dilation, padding_mode, groups);
                return new(in_channels, out_channels, kernel_size, stride, padding, output_padding, bias, device, dtype);
            }
        }
    }
}

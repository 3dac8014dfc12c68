using TorchSharp.Autograd;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class Conv2d : Convolution
        {
            private readonly long _stride;
            private readonly long _padding;

            internal Conv2d(
                long inputs,
                long outputs,
                long kernel,
                long stride,
                long padding,
                bool hasBias,
                Device? device,
                ScalarType? dtype
            )
                : base(nameof(Conv2d), [outputs, inputs, kernel, kernel], outputs, hasBias, device, dtype) =>
                (_stride, _padding) = (stride, padding);

            public override Tensor forward(Tensor input) => nn.functional.conv2d(input, weight, bias, [_stride], [_padding]);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Conv2d Conv2d(
                long in_channels,
                long out_channels,
                long kernel_size,
                long stride = 1,
                long padding = 0,
                long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros,
                long groups = 1,
                bool bias = true,
                Device? device = null,
                ScalarType? dtype = null
            )
            {
                CheckConvolution(dilation, padding_mode, groups);
                return new(in_channels, out_channels, kernel_size, stride, padding, bias, device, dtype);
            }

            private static void CheckConvolution(long dilation, PaddingModes padding_mode, long groups)
            {
                TorchErrors.CheckUnset(dilation == 1, nameof(dilation));
                TorchErrors.CheckUnset(padding_mode == PaddingModes.Zeros, nameof(padding_mode));
                TorchErrors.CheckUnset(groups == 1, nameof(groups));
            }

            public static partial class functional
            {
                /// <summary>input [batch, in, height, width], weight [out, in, kernel height, kernel width].</summary>
                public static Tensor conv2d(
                    Tensor input,
                    Tensor weight,
                    Tensor? bias = null,
                    long[]? strides = null,
                    long[]? padding = null,
                    long[]? dilation = null,
                    long groups = 1
                )
                {
                    TorchErrors.CheckUnset(dilation is null, nameof(dilation));
                    TorchErrors.CheckUnset(groups == 1, nameof(groups));
                    var window = ConvWindow.Create("conv2d", input, weight, strides, padding);
                    return Conv2dNode.Run(input, weight, bias, window.Convolution(input, weight, bias), transposed: false);
                }
            }
        }
    }
}

using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class Conv2d : Convolution
        {
            internal Conv2d(ConvolutionOptions options) : base(nameof(Conv2d), options)
            {
            }

            public override Tensor forward(Tensor input)
            {
                if (!ValidateShape(input, 2))
                    throw new ArgumentException($"Expected 3D (unbatched) or 4D (batched) input with {in_channels} channels to Conv2d.");
                return padding_type is { } type
                    ? nn.functional.conv2d_padding(input, weight, bias, stride, type, dilation, groups)
                    : nn.functional.conv2d(input, weight, bias, stride, padding, dilation, groups);
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Conv2d Conv2d(
                long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null,
                ScalarType? dtype = null) =>
                Conv2d(in_channels, out_channels, (kernel_size, kernel_size), (stride, stride), (padding, padding), (dilation, dilation),
                    padding_mode, groups, bias, device, dtype);

            public static Conv2d Conv2d(
                long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null,
                (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
                Device? device = null, ScalarType? dtype = null) =>
                new(new(in_channels, out_channels, kernel_size, stride ?? (1, 1), dilation ?? (1, 1))
                {
                    Padding = [padding?.Item1 ?? 0, padding?.Item2 ?? 0],
                    PaddingMode = padding_mode,
                    Groups = groups,
                    Bias = bias,
                    Device = device,
                    Dtype = dtype,
                });

            public static Conv2d Conv2d(
                long in_channels, long out_channels, long kernel_size, Padding padding, long stride = 1, long dilation = 1,
                PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null,
                ScalarType? dtype = null) =>
                Conv2d(in_channels, out_channels, (kernel_size, kernel_size), padding, (stride, stride), (dilation, dilation), padding_mode,
                    groups, bias, device, dtype);

            public static Conv2d Conv2d(
                long in_channels, long out_channels, (long, long) kernel_size, Padding padding, (long, long)? stride = null,
                (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true,
                Device? device = null, ScalarType? dtype = null) =>
                new(new(in_channels, out_channels, kernel_size, stride ?? (1, 1), dilation ?? (1, 1))
                {
                    PaddingType = padding,
                    PaddingMode = padding_mode,
                    Groups = groups,
                    Bias = bias,
                    Device = device,
                    Dtype = dtype,
                });
        }
    }
}

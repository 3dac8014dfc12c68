using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public abstract class ConvolutionTranspose : Convolution
        {
            private protected ConvolutionTranspose(string name, ConvolutionOptions options) : base(name, options)
            {
            }

            public override Tensor forward(Tensor input) => forward(input, null);

            public abstract Tensor forward(Tensor input, long[]? output_size);
        }

        public sealed class ConvTranspose2d : ConvolutionTranspose
        {
            internal ConvTranspose2d(ConvolutionOptions options) : base(nameof(ConvTranspose2d), options)
            {
            }

            public override Tensor forward(Tensor input, long[]? output_size)
            {
                if (!ValidateShape(input, 2))
                    throw new ArgumentException(
                        $"Expected 3D (unbatched) or 4D (batched) input with {in_channels} channels to ConvTranspose2d.");
                return nn.functional.conv_transpose2d(
                    input, weight, bias, stride, padding, OutputPadding(input, output_size), dilation, groups);
            }

            /// <summary>Without an output size the first of the two paddings serves both directions, as in TorchSharp.</summary>
            private long[] OutputPadding(Tensor input, long[]? size)
            {
                if (size is null) return [output_padding[0]];
                var leading = input.dim() - 2;
                if (size.Length == input.dim()) size = size[(int)leading..];
                if (size.Length != 2)
                {
                    throw new ArgumentException(
                        $"ConvTranspose2D: for {input.dim()}D input, output_size must have 2 or {input.dim()} elements " +
                        $"(got {size.Length})");
                }
                var result = new long[2];
                for (var i = 0; i < 2; i++)
                {
                    var least = (input.size((int)leading + i) - 1) * stride[i] - 2 * padding![i] + dilation[i] * (kernel_size[i] - 1) + 1;
                    if (size[i] < least || size[i] > least + stride[i] - 1)
                    {
                        throw new ArgumentException(
                            $"Requested an output size of {TorchErrors.Text(size)}, but valid sizes range from {least} " +
                            $"to {least + stride[i] - 1}");
                    }
                    result[i] = size[i] - least;
                }
                return result;
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static ConvTranspose2d ConvTranspose2d(
                long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long output_padding = 0,
                long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null,
                ScalarType? dtype = null) =>
                ConvTranspose2d(in_channels, out_channels, (kernel_size, kernel_size), (stride, stride), (padding, padding),
                    (output_padding, output_padding), (dilation, dilation), padding_mode, groups, bias, device, dtype);

            public static ConvTranspose2d ConvTranspose2d(
                long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null,
                (long, long)? output_padding = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros,
                long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(new(in_channels, out_channels, kernel_size, stride ?? (1, 1), dilation ?? (1, 1))
                {
                    Transposed = true,
                    Padding = [padding?.Item1 ?? 0, padding?.Item2 ?? 0],
                    OutputPadding = [output_padding?.Item1 ?? 0, output_padding?.Item2 ?? 0],
                    PaddingMode = padding_mode,
                    Groups = groups,
                    Bias = bias,
                    Device = device,
                    Dtype = dtype,
                });
        }
    }
}

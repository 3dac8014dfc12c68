using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>
            /// input [batch, in, height, width] (or without batch), weight [out, in / groups, kernel height, kernel width].
            /// </summary>
            public static Tensor conv2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null,
                long groups = 1)
            {
                const string Name = "conv2d";
                var window = ConvWindow.Create(Name, weight, strides, padding, null, dilation);
                return Batched(input, Name, images => Grouped(images, weight, bias, groups, 0, window,
                    (x, w, b) => Conv2dNode.Run(x, w, b, window.Convolution(x, w, b, groups), transposed: false)));
            }

            /// <summary>
            /// Padding.Same gives images of the input's size; where it is odd, one more row or column of zeros comes last.
            /// </summary>
            public static Tensor conv2d_padding(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, Padding padding = Padding.Valid,
                long[]? dilation = null, long groups = 1)
            {
                if (padding == Padding.Valid) return conv2d(input, weight, bias, strides, null, dilation, groups);
                var window = ConvWindow.Create("conv2d", weight, strides, null, null, dilation);
                if (window.StrideH != 1 || window.StrideW != 1)
                    throw TorchErrors.Error("padding='same' is not supported for strided convolutions");
                var (h, w) = (window.KernelH - 1, window.KernelW - 1);
                if (h % 2 == 0 && w % 2 == 0) return conv2d(input, weight, bias, null, [h / 2, w / 2], dilation, groups);
                // Symmetric padding that is enough for both ends gives one row or column too many in front.
                using var larger = conv2d(input, weight, bias, null, [(h + 1) / 2, (w + 1) / 2], dilation, groups);
                using var rows = larger.narrow(-2, h % 2, input.Shape[^2]);
                return rows.narrow(-1, w % 2, input.Shape[^1]).contiguous();
            }

            /// <summary>
            /// The gradient of a convolution used as an operation of its own: input [batch, in, height, width] (or without batch), weight
            /// [in, out / groups, kernel height, kernel width].
            /// </summary>
            public static Tensor conv_transpose2d(
                Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null,
                long[]? output_padding = null, long[]? dilation = null, long groups = 1)
            {
                const string Name = "conv_transpose2d";
                var window = ConvWindow.Create(Name, weight, strides, padding, output_padding, dilation);
                return Batched(input, Name, images => Grouped(images, weight, bias, groups, 1, window,
                    (x, w, b) => Conv2dNode.Run(x, w, b, window.Transposed(x, w, b, groups), transposed: true)));
            }

            private static Tensor Batched(Tensor input, string name, Func<Tensor, Tensor> run)
            {
                if (input.Shape.Length == 4) return run(input);
                if (input.Shape.Length != 3)
                {
                    throw TorchErrors.Error(
                        $"Expected 3D (unbatched) or 4D (batched) input to {name}, but got input of size: {TorchErrors.Text(input.Shape)}");
                }
                using var batch = input.unsqueeze(0);
                using var result = run(batch);
                return result.squeeze(0);
            }

            /// <summary>Each group of channels on its own, one after the other.</summary>
            private static Tensor Grouped(
                Tensor input, Tensor weight, Tensor? bias, long groups, int outputDim, ConvWindow window,
                Func<Tensor, Tensor, Tensor?, Tensor> run)
            {
                if (groups == 1) return run(input, weight, bias);
                window.CheckGroups(input, weight, groups);
                using var scope = NewDisposeScope();
                var channels = input.Shape[1] / groups;
                var outputs = outputDim == 0 ? weight.Shape[0] / groups : weight.Shape[1];
                var weights = weight.Shape[0] / groups;
                var parts = new List<Tensor>();
                for (var g = 0L; g < groups; g++)
                {
                    parts.Add(run(
                        input.narrow(1, g * channels, channels), weight.narrow(0, g * weights, weights),
                        bias?.narrow(0, g * outputs, outputs)));
                }
                return cat(parts, 1).MoveToOuterDisposeScope();
            }
        }
    }
}

using TorchSharp.Autograd;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            public static Tensor max_pool2d(
                Tensor input, long[] kernel_size, long[]? strides = null, long[]? padding = null, long[]? dilation = null,
                bool ceil_mode = false) =>
                MaxPool2dNode.Run(input, PoolWindow.Create("max_pool2d", input, kernel_size, strides, padding, dilation, ceil_mode));

            public static Tensor max_pool2d(
                Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, [kernel_size], [stride ?? kernel_size], [padding ?? 0], [dilation ?? 1], ceil_mode);

            public static Tensor max_pool2d(
                Tensor input, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null,
                (long, long)? dilation = null, bool ceil_mode = false) =>
                max_pool2d(input, Pair(kernel_size), Pair(stride ?? kernel_size), Pair(padding ?? (0, 0)), Pair(dilation ?? (1, 1)),
                    ceil_mode);

            public static Tensor avg_pool2d(
                Tensor input, long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false,
                bool count_include_pad = true, long? divisor_override = null)
            {
                var window = PoolWindow.Create("avg_pool2d", input, kernel_size, stride, padding, null, ceil_mode);
                if (divisor_override is not null) throw TorchErrors.Error("avg_pool2d is not available with a divisor_override.");
                if (!count_include_pad && (window.PadH > 0 || window.PadW > 0))
                    throw TorchErrors.Error("avg_pool2d is not available with padding that doesn't count; set count_include_pad.");
                return AvgPool2dNode.Run(input, window);
            }

            public static Tensor avg_pool2d(
                Tensor input, long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false,
                bool count_include_pad = true, long? divisor_override = null) =>
                avg_pool2d(input, [kernel_size], [stride ?? kernel_size], [padding], ceil_mode, count_include_pad, divisor_override);

            public static Tensor avg_pool2d(
                Tensor input, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, bool ceil_mode = false,
                bool count_include_pad = true, long? divisor_override = null) =>
                avg_pool2d(input, Pair(kernel_size), Pair(stride ?? kernel_size), Pair(padding ?? (0, 0)), ceil_mode, count_include_pad,
                    divisor_override);
        }
    }
}

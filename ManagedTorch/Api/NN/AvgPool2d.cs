using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class AvgPool2d : ParameterLessModule<Tensor, Tensor>
        {
            internal AvgPool2d(
                long[] kernel_size, long[]? stride, long[]? padding, bool ceil_mode, bool count_include_pad, long? divisor_override)
                : base(nameof(AvgPool2d))
            {
                this.kernel_size = kernel_size;
                this.stride = stride;
                this.padding = padding;
                this.ceil_mode = ceil_mode;
                this.count_include_pad = count_include_pad;
                this.divisor_override = divisor_override;
            }

            public long[] kernel_size { get; set; }

            public long[]? stride { get; set; }

            public long[]? padding { get; set; }

            public bool ceil_mode { get; set; }

            public bool count_include_pad { get; set; }

            public long? divisor_override { get; set; }

            public override Tensor forward(Tensor input) =>
                nn.functional.avg_pool2d(input, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static AvgPool2d AvgPool2d(
                long[] kernel_size, long[]? stride = null, long[]? padding = null, bool ceil_mode = false, bool count_include_pad = true,
                long? divisor_override = null) =>
                new(kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override);

            public static AvgPool2d AvgPool2d(
                (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, bool ceil_mode = false,
                bool count_include_pad = true, long? divisor_override = null) =>
                new(Pair(kernel_size), stride is { } s ? Pair(s) : null, padding is { } p ? Pair(p) : null, ceil_mode, count_include_pad,
                    divisor_override);

            public static AvgPool2d AvgPool2d(
                long kernel_size, long? stride = null, long? padding = null, bool ceil_mode = false, bool count_include_pad = true,
                long? divisor_override = null) =>
                new(Pair(kernel_size), stride is { } s ? Pair(s) : null, padding is { } p ? Pair(p) : null, ceil_mode, count_include_pad,
                    divisor_override);
        }
    }
}

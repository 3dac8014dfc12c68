using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class MaxPool2d : ParameterLessModule<Tensor, Tensor>
        {
            internal MaxPool2d(
                long[] kernel_size, long[]? stride, long[]? padding, long[]? dilation, bool ceil_mode) : base(nameof(MaxPool2d))
            {
                this.kernel_size = kernel_size;
                this.stride = stride;
                this.padding = padding;
                this.dilation = dilation;
                this.ceil_mode = ceil_mode;
            }

            public long[] kernel_size { get; set; }

            public long[]? stride { get; set; }

            public long[]? padding { get; set; }

            public long[]? dilation { get; set; }

            public bool ceil_mode { get; set; }

            public override Tensor forward(Tensor input) =>
                nn.functional.max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static MaxPool2d MaxPool2d(
                long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                new([kernel_size, kernel_size], Pair(stride ?? kernel_size), Pair(padding ?? 0), Pair(dilation ?? 1), ceil_mode);

            public static MaxPool2d MaxPool2d(
                (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null,
                bool ceil_mode = false) =>
                new(Pair(kernel_size), Pair(stride ?? kernel_size), Pair(padding ?? (0, 0)), Pair(dilation ?? (1, 1)), ceil_mode);

            public static MaxPool2d MaxPool2d(
                long[] kernel_size, long[]? stride = null, long[]? padding = null, long[]? dilation = null, bool ceil_mode = false) =>
                new(kernel_size, stride, padding, dilation, ceil_mode);

            internal static long[] Pair(long value) => [value, value];

            internal static long[] Pair((long, long) value) => [value.Item1, value.Item2];
        }
    }
}

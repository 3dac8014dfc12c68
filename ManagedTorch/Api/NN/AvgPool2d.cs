using TorchSharp.Autograd;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class AvgPool2d : ParameterLessModule<Tensor, Tensor>
        {
            private readonly long _kernel;
            private readonly long _stride;
            private readonly long _padding;

            internal AvgPool2d(long kernel, long? stride, long? padding)
                : base(nameof(AvgPool2d)) => (_kernel, _stride, _padding) = (kernel, stride ?? kernel, padding ?? 0);

            public override Tensor forward(Tensor input) =>
                AvgPool2dNode.Run(input, PoolWindow.Create("avg_pool2d", input, _kernel, _stride, _padding));
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static AvgPool2d AvgPool2d(
                long kernel_size,
                long? stride = null,
                long? padding = null,
                bool ceil_mode = false,
                bool count_include_pad = true,
                long? divisor_override = null
            )
            {
                TorchErrors.CheckUnset(!ceil_mode, nameof(ceil_mode));
                TorchErrors.CheckUnset(count_include_pad, nameof(count_include_pad));
                TorchErrors.CheckUnset(divisor_override is null, nameof(divisor_override));
                return new(kernel_size, stride, padding);
            }
        }
    }
}

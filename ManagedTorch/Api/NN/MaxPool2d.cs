using TorchSharp.Autograd;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class MaxPool2d : ParameterLessModule<Tensor, Tensor>
        {
            private readonly long _kernel;
            private readonly long _stride;
            private readonly long _padding;

            internal MaxPool2d(long kernel, long? stride, long? padding)
                : base(nameof(MaxPool2d)) => (_kernel, _stride, _padding) = (kernel, stride ?? kernel, padding ?? 0);

            public override Tensor forward(Tensor input) =>
                MaxPool2dNode.Run(input, PoolWindow.Create("max_pool2d", input, _kernel, _stride, _padding));
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static MaxPool2d MaxPool2d(
                long kernel_size,
                long? stride = null,
                long? padding = null,
                long? dilation = null,
                bool ceil_mode = false
            )
            {
                TorchErrors.CheckUnset(dilation is null or 1, nameof(dilation));
                TorchErrors.CheckUnset(!ceil_mode, nameof(ceil_mode));
                return new(kernel_size, stride, padding);
            }
        }
    }
}

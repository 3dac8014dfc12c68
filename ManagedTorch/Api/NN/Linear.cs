using TorchSharp.Autograd;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class Linear : nn.Module<Tensor, Tensor>
        {
            [ComponentName(Name = nameof(weight))]
            private readonly Parameter _weight;

            [ComponentName(Name = nameof(bias))]
            private readonly Parameter? _bias;

            internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype)
                : base(nameof(Linear))
            {
                _weight = Register(nameof(weight), empty(outputSize, inputSize, device: device, dtype: dtype));
                nn.init.KaimingUniform(_weight);
                if (!hasBias)
                    return;
                _bias = Register(nameof(bias), empty(outputSize, device: device, dtype: dtype));
                var bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
                nn.init.Uniform(_bias, bound);
            }

            public Parameter weight => _weight;

            public Parameter? bias => _bias;

            public override Tensor forward(Tensor tensor) => LinearNode.Run(tensor, _weight, _bias);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Linear Linear(
                long inputSize,
                long outputSize,
                bool hasBias = true,
                Device? device = null,
                ScalarType? dtype = null
            ) => new(inputSize, outputSize, hasBias, device, dtype);
        }
    }
}

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
            private Parameter? _weight;

            [ComponentName(Name = nameof(bias))]
            private Parameter? _bias;

            internal Linear(Parameter weight, Parameter? bias = null) : base(nameof(Linear))
            {
                (in_features, out_features) = (weight.shape[1], weight.shape[0]);
                this.weight = weight;
                if (bias is not null) this.bias = bias;
            }

            internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype) : base(nameof(Linear))
            {
                (in_features, out_features) = (inputSize, outputSize);
                weight = nn.Parameter(empty(outputSize, inputSize, device: device, dtype: dtype));
                nn.init.kaiming_uniform_(weight, Math.Sqrt(5));
                if (!hasBias) return;
                bias = nn.Parameter(empty(outputSize, device: device, dtype: dtype));
                var bound = inputSize > 0 ? 1 / Math.Sqrt(inputSize) : 0;
                nn.init.uniform_(bias, -bound, bound);
            }

            public long in_features { get; set; }

            public long out_features { get; set; }

            public Parameter weight
            {
                get => _weight!;
                set => Set(nameof(weight), ref _weight, value);
            }

            public Parameter? bias
            {
                get => _bias;
                set => Set(nameof(bias), ref _bias, value);
            }

            public override Tensor forward(Tensor tensor) => nn.functional.linear(tensor, _weight!, _bias);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Linear Linear(
                long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);

            public static Linear Linear(Parameter weight, Parameter? bias = null) => new(weight, bias);
        }
    }
}

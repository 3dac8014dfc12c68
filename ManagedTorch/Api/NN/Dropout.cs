using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        /// <summary>Keeps each element with probability 1 - p and scales what it keeps by 1 / (1 - p), in training.</summary>
        public sealed class Dropout : ParameterLessModule<Tensor, Tensor>
        {
            private readonly double _p;

            internal Dropout(double p)
                : base(nameof(Dropout)) => _p = p;

            public override Tensor forward(Tensor tensor)
            {
                if (_p is < 0 or > 1)
                    throw TorchErrors.Error($"dropout probability has to be between 0 and 1, but got {_p}");
                if (_p == 0 || !training || tensor.Count == 0)
                    return tensor.alias();
                using var drawn = Tensor.New(tensor.Shape, tensor.dtype);
                if (_p == 1)
                    return tensor * drawn.Fill(0);
                using var mask = Arithmetic.Divide(drawn.bernoulli_(1 - _p), 1 - _p);
                return tensor * mask;
            }
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Dropout Dropout(double p = 0.5, bool inplace = false)
            {
                TorchErrors.CheckUnset(!inplace, nameof(inplace));
                return new(p);
            }
        }
    }
}

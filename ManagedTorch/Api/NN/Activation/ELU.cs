using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class ELU : ParameterLessModule<Tensor, Tensor>
        {
            private readonly double _alpha;

            internal ELU(double alpha)
                : base(nameof(ELU)) => _alpha = alpha;

            public override Tensor forward(Tensor tensor) => tensor.elu(_alpha);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static ELU ELU(double alpha = 1.0, bool inplace = false)
            {
                TorchErrors.CheckUnset(!inplace, nameof(inplace));
                return new(alpha);
            }
        }
    }
}

using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class ReLU : ParameterLessModule<Tensor, Tensor>
        {
            internal ReLU()
                : base(nameof(ReLU)) { }

            public override Tensor forward(Tensor tensor) => tensor.relu();
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static ReLU ReLU(bool inplace = false)
            {
                TorchErrors.CheckUnset(!inplace, nameof(inplace));
                return new();
            }
        }
    }
}

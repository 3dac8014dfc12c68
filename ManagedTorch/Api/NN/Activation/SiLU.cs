using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class SiLU : ParameterLessModule<Tensor, Tensor>
        {
            internal SiLU()
                : base(nameof(SiLU)) { }

            public override Tensor forward(Tensor tensor) => tensor.silu();
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static SiLU SiLU() => new();
        }
    }
}

using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class Tanh : ParameterLessModule<Tensor, Tensor>
        {
            internal Tanh()
                : base(nameof(Tanh)) { }

            public override Tensor forward(Tensor tensor) => tensor.tanh();
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Tanh Tanh() => new();
        }
    }
}

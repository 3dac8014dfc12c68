using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class GELU : ParameterLessModule<Tensor, Tensor>
        {
            internal GELU()
                : base(nameof(GELU)) { }

            public override Tensor forward(Tensor tensor) => tensor.gelu();
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static GELU GELU() => new();
        }
    }
}

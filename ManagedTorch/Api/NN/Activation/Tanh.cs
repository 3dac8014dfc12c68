using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class Tanh : ParameterLessModule<Tensor, Tensor>
        {
            internal Tanh(bool inplace) : base(nameof(Tanh))
            {
                this.inplace = inplace;
            }

            public bool inplace { get; set; }

            public override string GetName() => nameof(Tanh);

            public override Tensor forward(Tensor tensor) => nn.functional.tanh(tensor, inplace);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Tanh Tanh() => new(false);

            public static Tanh Tanh(bool inplace = false) => new(inplace);

            public static partial class functional
            {
                public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_().alias() : x.tanh();
            }
        }
    }
}

using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class Sigmoid : ParameterLessModule<Tensor, Tensor>
        {
            internal Sigmoid(bool inplace) : base(nameof(Sigmoid))
            {
                this.inplace = inplace;
            }

            public bool inplace { get; set; }

            public override Tensor forward(Tensor tensor) => nn.functional.sigmoid(tensor, inplace);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Sigmoid Sigmoid() => new(false);

            public static Sigmoid Sigmoid(bool inplace) => new(inplace);

            public static partial class functional
            {
                public static Tensor sigmoid(Tensor x, bool inplace) => inplace ? x.sigmoid_().alias() : x.sigmoid();

                public static Tensor sigmoid(Tensor x) => sigmoid(x, false);
            }
        }
    }
}

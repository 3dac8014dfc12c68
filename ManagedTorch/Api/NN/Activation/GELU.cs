using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class GELU : ParameterLessModule<Tensor, Tensor>
        {
            internal GELU(bool inplace, Approximate approximate = Approximate.none) : base(nameof(GELU))
            {
                this.inplace = inplace;
                this.approximate = approximate;
            }

            public enum Approximate
            {
                none,
                tanh,
            }

            public bool inplace { get; set; }

            public Approximate approximate { get; set; }

            public override Tensor forward(Tensor tensor) => nn.functional.gelu(tensor, approximate, inplace);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static GELU GELU() => new(false);

            public static GELU GELU(bool inplace) => new(inplace);

            public static GELU GELU(GELU.Approximate approximate, bool inplace = false) => new(inplace, approximate);

            public static partial class functional
            {
                public static Tensor gelu(Tensor x, bool inplace) => inplace ? x.gelu_().alias() : x.gelu();

                public static Tensor gelu(Tensor x, GELU.Approximate approximate, bool inplace = false) =>
                    inplace ? x.gelu_(approximate).alias() : x.gelu(approximate);

                public static Tensor gelu(Tensor x) => gelu(x, false);
            }
        }
    }
}

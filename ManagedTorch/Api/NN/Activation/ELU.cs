using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class ELU : ParameterLessModule<Tensor, Tensor>
        {
            internal ELU(double alpha, bool inplace) : base(nameof(ELU))
            {
                this.alpha = alpha;
                this.inplace = inplace;
            }

            public double alpha { get; set; }

            public bool inplace { get; set; }

            public override Tensor forward(Tensor tensor) => nn.functional.elu(tensor, alpha, inplace);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static ELU ELU(double alpha = 1.0, bool inplace = false) => new(alpha, inplace);

            public static partial class functional
            {
                public static Tensor elu(Tensor x, double alpha, bool inplace = false) => inplace ? x.elu_(alpha).alias() : x.elu(alpha);
            }
        }
    }
}

using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class Softplus : ParameterLessModule<Tensor, Tensor>
        {
            internal Softplus(double beta = 1, double threshold = 20) : base(nameof(Softplus))
            {
                this.beta = beta;
                this.threshold = threshold;
            }

            public double beta { get; set; }

            public double threshold { get; set; }

            public override Tensor forward(Tensor tensor) => nn.functional.softplus(tensor, beta, threshold);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Softplus Softplus(double beta = 1, double threshold = 20) => new(beta, threshold);

            public static partial class functional
            {
                public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => x.softplus(beta, threshold);
            }
        }
    }
}

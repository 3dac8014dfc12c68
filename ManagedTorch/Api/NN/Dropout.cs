using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class Dropout : ParameterLessModule<Tensor, Tensor>
        {
            internal Dropout(double p, bool inplace) : base(nameof(Dropout))
            {
                this.p = p;
                this.inplace = inplace;
            }

            public double p { get; set; }

            public bool inplace { get; set; }

            public override Tensor forward(Tensor tensor) => nn.functional.dropout(tensor, p, training, inplace);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);

            public static partial class functional
            {
                /// <summary>Keeps each element with probability 1 - p and scales what it keeps by 1 / (1 - p).</summary>
                public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
                {
                    if (p is < 0 or > 1) throw TorchErrors.Error($"dropout probability has to be between 0 and 1, but got {p}");
                    if (p == 0 || !training || input.numel() == 0) return input.alias();
                    using var mask = empty_like(input, requires_grad: false);
                    using (no_grad())
                    {
                        if (p == 1) mask.zero_();
                        else mask.bernoulli_(1 - p).div_(1 - p);
                    }
                    return inplace ? input.mul_(mask).alias() : input.mul(mask);
                }
            }
        }
    }
}

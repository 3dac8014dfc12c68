using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class LeakyReLU : ParameterLessModule<Tensor, Tensor>
        {
            internal LeakyReLU(double negative_slope, bool inplace) : base(nameof(LeakyReLU))
            {
                this.inplace = inplace;
                this.negative_slope = negative_slope;
            }

            public bool inplace { get; set; }

            public double negative_slope { get; set; }

            public override Tensor forward(Tensor tensor) => nn.functional.leaky_relu(tensor, negative_slope, inplace);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static LeakyReLU LeakyReLU(double negative_slope = 0.01, bool inplace = false) => new(negative_slope, inplace);

            public static partial class functional
            {
                public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                    inplace ? input.leaky_relu_(negative_slope).alias() : input.leaky_relu(negative_slope);
            }
        }
    }
}

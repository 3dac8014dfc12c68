using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class LeakyReLU : ParameterLessModule<Tensor, Tensor>
        {
            private readonly double _slope;

            internal LeakyReLU(double slope)
                : base(nameof(LeakyReLU)) => _slope = slope;

            public override Tensor forward(Tensor tensor) => tensor.leaky_relu(_slope);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static LeakyReLU LeakyReLU(double negative_slope = 0.01, bool inplace = false)
            {
                TorchErrors.CheckUnset(!inplace, nameof(inplace));
                return new(negative_slope);
            }
        }
    }
}

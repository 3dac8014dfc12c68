using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class Flatten : ParameterLessModule<Tensor, Tensor>
        {
            private readonly long _first;
            private readonly long _last;

            internal Flatten(long first, long last)
                : base(nameof(Flatten)) => (_first, _last) = (first, last);

            public override Tensor forward(Tensor input) => input.flatten(_first, _last);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Flatten Flatten(long start_dim = 1, long end_dim = -1) => new(start_dim, end_dim);
        }
    }
}

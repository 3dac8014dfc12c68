using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public sealed class Unflatten : ParameterLessModule<Tensor, Tensor>
        {
            private readonly long _dim;
            private readonly long[] _sizes;

            internal Unflatten(long dim, long[] sizes)
                : base(nameof(Unflatten)) => (_dim, _sizes) = (dim, sizes);

            public override Tensor forward(Tensor tensor) => tensor.unflatten(_dim, _sizes);
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Unflatten Unflatten(long dim, long[] unflattened_size) => new(dim, unflattened_size);
        }
    }
}

using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public class Normal : distributions.Distribution
        {
            private readonly Tensor _loc;
            private readonly Tensor _scale;

            public Normal(Tensor loc, Tensor scale, Generator? generator = null)
                : this(loc, scale, Broadcast.Shape(loc.Shape, scale.Shape, "Normal"), generator)
            {
            }

            private Normal(Tensor loc, Tensor scale, long[] shape, Generator? generator) : base(generator, shape)
            {
                _loc = loc.expand(shape).DetachFromDisposeScope();
                _scale = scale.expand(shape).DetachFromDisposeScope();
            }

            public override Tensor mean => _loc;

            public override Tensor stddev => _scale;

            public override Tensor variance => _scale.pow(2);

            public override Tensor sample(params long[] sample_shape)
            {
                using (no_grad()) return rsample(sample_shape);
            }

            /// <summary>loc + scale * noise, so that gradients reach both (Kingma and Welling 2014, section 2.4).</summary>
            public override Tensor rsample(params long[] sample_shape)
            {
                using var noise = randn(ExtendedShape(sample_shape), generator: generator);
                using var scaled = noise * _scale;
                return _loc + scaled;
            }

            public override Tensor log_prob(Tensor value)
            {
                using var scope = NewDisposeScope();
                var z = (value - _loc) / _scale;
                return (z * z * -0.5 - _scale.log() - Math.Log(Math.Sqrt(2 * Math.PI))).MoveToOuterDisposeScope();
            }

            public override Tensor entropy()
            {
                using var log = _scale.log();
                return log + (0.5 + 0.5 * Math.Log(2 * Math.PI));
            }

            protected override void Dispose(bool disposing)
            {
                if (disposing)
                {
                    _loc.Dispose();
                    _scale.Dispose();
                }
                base.Dispose(disposing);
            }
        }
    }

    public static partial class torch
    {
        public static partial class distributions
        {
            public static Normal Normal(Tensor loc, Tensor scale, Generator? generator = null) => new(loc, scale, generator);

            public static Normal Normal(float loc, float scale = 1.0f, Generator? generator = null) =>
                new(tensor(loc), tensor(scale), generator);
        }
    }
}

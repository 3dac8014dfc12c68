using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        public class Bernoulli : distributions.Distribution
        {
            // float32's spacing at 1, by which probabilities keep away from 0 and 1 when they become logits.
            private const double Epsilon = 1.1920928955078125e-07;
            private readonly Tensor? _probs;
            private readonly Tensor? _logits;

            public Bernoulli(Tensor? p = null, Tensor? l = null, Generator? generator = null)
                : base(generator, p is null == l is null
                    ? throw new ArgumentException("One and only one of 'probs' and logits should be provided.")
                    : (p ?? l)!.Shape)
            {
                _probs = p?.alias().DetachFromDisposeScope();
                _logits = l?.alias().DetachFromDisposeScope();
            }

            public Tensor probs => _probs ?? _logits!.sigmoid();

            public Tensor logits
            {
                get
                {
                    if (_logits is not null) return _logits;
                    using var scope = NewDisposeScope();
                    var clamped = _probs!.clamp(Epsilon, 1 - Epsilon);
                    return (clamped.log() - (-clamped).log1p()).MoveToOuterDisposeScope();
                }
            }

            public override Tensor mean => probs;

            public override Tensor variance
            {
                get
                {
                    using var scope = NewDisposeScope();
                    return (probs * (1 - probs)).MoveToOuterDisposeScope();
                }
            }

            public override Tensor rsample(params long[] sample_shape)
            {
                using var scope = NewDisposeScope();
                return probs.expand(ExtendedShape(sample_shape)).bernoulli(generator).MoveToOuterDisposeScope();
            }

            public override Tensor log_prob(Tensor value)
            {
                using var scope = NewDisposeScope();
                var shape = Broadcast.Shape(logits.Shape, value.Shape, "Bernoulli.log_prob");
                return (-nn.functional.binary_cross_entropy_with_logits(
                    logits.expand(shape), value.expand(shape), reduction: nn.Reduction.None)).MoveToOuterDisposeScope();
            }

            public override Tensor entropy()
            {
                using var scope = NewDisposeScope();
                return nn.functional.binary_cross_entropy_with_logits(logits, probs, reduction: nn.Reduction.None)
                    .MoveToOuterDisposeScope();
            }

            protected override void Dispose(bool disposing)
            {
                if (disposing)
                {
                    _probs?.Dispose();
                    _logits?.Dispose();
                }
                base.Dispose(disposing);
            }
        }
    }

    public static partial class torch
    {
        public static partial class distributions
        {
            public static Bernoulli Bernoulli(Tensor? probs = null, Tensor? logits = null, Generator? generator = null) =>
                new(probs, logits, generator);
        }
    }
}

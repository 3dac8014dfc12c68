namespace TorchSharp;

public static partial class torch
{
    public static partial class distributions
    {
        public abstract class Distribution : IDisposable
        {
            protected Generator? generator;
            private readonly long[] _batchShape;

            private protected Distribution(Generator? generator, long[] batchShape) =>
                (this.generator, _batchShape) = (generator, batchShape);

            public abstract Tensor mean { get; }

            public abstract Tensor variance { get; }

            public virtual Tensor stddev => variance.sqrt();

            public virtual Tensor sample(params long[] sample_shape) => rsample(sample_shape);

            /// <summary>A sample of shape [sample_shape, batch shape] that gradients pass through where they can.</summary>
            public abstract Tensor rsample(params long[] sample_shape);

            public abstract Tensor log_prob(Tensor value);

            public abstract Tensor entropy();

            public virtual Tensor perplexity() => exp(entropy());

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (disposing) generator?.Dispose();
            }

            protected long[] ExtendedShape(params long[] sample_shape) => [.. sample_shape, .. _batchShape];
        }
    }
}

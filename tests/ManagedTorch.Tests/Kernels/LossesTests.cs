using TorchSharp.Kernels;

namespace Latent.Tests.Kernels;

public sealed unsafe class LossesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(20011)]
    public void Losses_and_their_gradients_agree_with_double(int n) =>
        KernelRun.Everywhere(() =>
        {
            var random = new Random(4);
            using Guarded logits = new(n, random, -6, 6),
                p = new(n, random, 0.01f, 0.99f),
                t = new(n, random, 0, 1),
                dy = new(n, random),
                y = new(n);
            Check(
                logits,
                (x, u) => Math.Max(x, 0) - (x * u) + Math.Log(1 + Math.Exp(-Math.Abs(x))),
                (x, u) => (1 / (1 + Math.Exp(-x))) - u,
                Losses.BinaryCrossEntropyWithLogits(n, logits, t),
                () => Losses.BinaryCrossEntropyWithLogits(n, logits, t, y),
                () => Losses.BinaryCrossEntropyWithLogitsBackward(n, logits, t, 0.25f, y),
                () => Losses.BinaryCrossEntropyWithLogitsBackward(n, logits, t, dy, y)
            );
            Check(
                p,
                (x, u) => (x - u) * (x - u),
                (x, u) => 2 * (x - u),
                Losses.MeanSquaredError(n, p, t),
                () => Losses.MeanSquaredError(n, p, t, y),
                () => Losses.MeanSquaredErrorBackward(n, p, t, 0.25f, y),
                () => Losses.MeanSquaredErrorBackward(n, p, t, dy, y)
            );

            void Check(
                Guarded x,
                Func<double, double, double> loss,
                Func<double, double, double> slope,
                double sum,
                Action values,
                Action ofSum,
                Action ofValues
            )
            {
                var expected = Enumerable.Range(0, n).Select(i => loss(x[i], t[i])).ToArray();
                Assert.Equal(expected.Sum(), sum, 1e-6 * (1 + expected.Sum()));
                values();
                KernelRun.Same(expected, y.Span, 1e-6, "values");
                ofSum();
                KernelRun.Same([.. Enumerable.Range(0, n).Select(i => 0.25 * slope(x[i], t[i]))], y.Span, 2e-6, "gradient of the sum");
                ofValues();
                KernelRun.Same([.. Enumerable.Range(0, n).Select(i => dy[i] * slope(x[i], t[i]))], y.Span, 2e-6, "gradient of the values");
            }
        });

    [Fact]
    public void Large_logits_cost_their_size() =>
        KernelRun.Everywhere(() =>
        {
            using Guarded y = new(4),
                logits = new([200, -200, -200, 200]),
                opposite = new([0, 1, 0, 1]);
            Losses.BinaryCrossEntropyWithLogits(4, logits, opposite, y);
            Assert.Equal([200, 200, 0, 0], y.Span);
        });
}

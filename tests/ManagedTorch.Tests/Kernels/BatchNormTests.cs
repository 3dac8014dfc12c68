using TorchSharp.Kernels;

namespace Latent.Tests.Kernels;

public sealed unsafe class BatchNormTests
{
    private const float Eps = 1e-5f;

    [Theory]
    [InlineData(5, 3, 1)]
    [InlineData(64, 37, 1)]
    [InlineData(3, 4, 49)]
    [InlineData(2, 1, 1)]
    [InlineData(8, 33, 16)]
    [InlineData(4, 5, 1025)]
    public void Training_and_inference_agree_with_double(int n, int channels, int s)
    {
        var random = new Random(9);
        var size = n * channels * s;
        using Guarded x = new(size, random, 5, 8),
            dy = new(size, random),
            weight = new(channels, random),
            bias = new(channels, random);
        double[] y = new double[size],
            dx = new double[size],
            dw = new double[channels],
            db = new double[channels];
        double[] mean = new double[channels],
            variance = new double[channels],
            frozen = new double[size];
        int Channel(int i) => i / s % channels;
        var count = (double)n * s;
        for (var i = 0; i < size; i++)
            mean[Channel(i)] += x[i] / count;
        for (var i = 0; i < size; i++)
            variance[Channel(i)] += Math.Pow(x[i] - mean[Channel(i)], 2) / count;
        double Normal(int i) => (x[i] - mean[Channel(i)]) / Math.Sqrt(variance[Channel(i)] + Eps);
        for (var i = 0; i < size; i++)
        {
            y[i] = (Normal(i) * weight[Channel(i)]) + bias[Channel(i)];
            dw[Channel(i)] += dy[i] * Normal(i);
            db[Channel(i)] += dy[i];
        }

        for (var i = 0; i < size; i++)
        {
            var c = Channel(i);
            frozen[i] = weight[c] * dy[i] / Math.Sqrt(variance[c] + Eps);
            dx[i] = weight[c] / Math.Sqrt(variance[c] + Eps) * (dy[i] - (db[c] / count) - (Normal(i) * dw[c] / count));
        }

        KernelRun.Everywhere(() =>
        {
            using Guarded result = new(size),
                means = new(channels),
                variances = new(channels),
                inverse = new(channels);
            using Guarded gradient = new(size),
                dweight = new(channels),
                dbias = new(channels);
            BatchNorm.ForwardTraining(n, channels, s, x, weight, bias, Eps, result, means, variances, inverse);
            KernelRun.Same(y, result.Span, 3e-5, "training");
            KernelRun.Same(mean, means.Span, 1e-6, "mean");
            KernelRun.Same(variance, variances.Span, 1e-5, "variance");
            BatchNorm.ForwardInference(n, channels, s, x, weight, bias, means, variances, Eps, result);
            KernelRun.Same(y, result.Span, 3e-5, "inference");
            BatchNorm.Backward(true, n, channels, s, x, dy, weight, means, inverse, gradient, dweight, dbias);
            KernelRun.Same(dx, gradient.Span, 1e-4, "input's gradient");
            KernelRun.Same(dw, dweight.Span, 3e-5, "weight's gradient");
            KernelRun.Same(db, dbias.Span, 1e-5, "bias's gradient");
            BatchNorm.Backward(false, n, channels, s, x, dy, weight, means, inverse, gradient, null, null);
            KernelRun.Same(frozen, gradient.Span, 3e-5, "input's gradient with frozen statistics");
        });
    }

    [Fact]
    public void Without_weight_and_bias_it_only_normalizes() =>
        KernelRun.Everywhere(() =>
        {
            using Guarded x = new([1, 3, 5, 7]),
                y = new(4),
                mean = new(2),
                variance = new(2),
                inverse = new(2);
            BatchNorm.ForwardTraining(2, 2, 1, x, null, null, 0, y, mean, variance, inverse);
            Assert.Equal([-1, -1, 1, 1], y.Span);
            Assert.Equal([3, 5], mean.Span);
            Assert.Equal([4, 4], variance.Span);
        });
}

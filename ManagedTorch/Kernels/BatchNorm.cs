namespace TorchSharp.Kernels;

/// <summary>
/// Batch normalization over [n, channels, s] (s = 1 for [n, channels]); weight and bias may be null, standing for 1 and 0.
/// </summary>
internal static unsafe class BatchNorm
{
    /// <summary>Gives y, and for each channel its mean, biased variance and 1 / sqrt(variance + eps).</summary>
    public static void ForwardTraining(
        int n,
        int channels,
        int s,
        float* x,
        float* weight,
        float* bias,
        float eps,
        float* y,
        float* mean,
        float* variance,
        float* inverseStd
    )
    {
        var job = new TrainingJob(n, channels, s, x, weight, bias, eps, y, mean, variance, inverseStd);
        ThreadTeam.For(channels, Grain(n, s), ref job);
    }

    /// <summary>With running statistics instead of the batch's.</summary>
    public static void ForwardInference(
        int n,
        int channels,
        int s,
        float* x,
        float* weight,
        float* bias,
        float* mean,
        float* variance,
        float eps,
        float* y
    )
    {
        var job = new InferenceJob(n, channels, s, x, weight, bias, mean, variance, eps, y);
        ThreadTeam.For(channels, Grain(n, s), ref job);
    }

    /// <summary>
    /// Any of dx, dweight and dbias may be null. training: mean and inverseStd came from x itself and take part in the gradient;
    /// otherwise they are constants.
    /// </summary>
    public static void Backward(
        bool training,
        int n,
        int channels,
        int s,
        float* x,
        float* dy,
        float* weight,
        float* mean,
        float* inverseStd,
        float* dx,
        float* dweight,
        float* dbias
    )
    {
        var job = new BackwardJob(training, n, channels, s, x, dy, weight, mean, inverseStd, dx, dweight, dbias);
        ThreadTeam.For(channels, Grain(n, s), ref job);
    }

    private static long Grain(int n, int s) => Math.Max(1, Elementwise.Grain / Math.Max(1, (long)n * s));

    private readonly struct TrainingJob(
        int n,
        int channels,
        int s,
        float* x,
        float* weight,
        float* bias,
        float eps,
        float* y,
        float* mean,
        float* variance,
        float* inverseStd
    ) : IRangeJob
    {
        public void Run(long start, long end)
        {
            for (var c = start; c < end; c++)
            {
                var count = (double)n * s;
                var sum = 0.0;
                for (var b = 0L; b < n; b++)
                {
                    var from = x + (((b * channels) + c) * s);
                    for (var i = 0; i < s; i++)
                        sum += from[i];
                }

                var average = sum / count;
                var squares = 0.0;
                for (var b = 0L; b < n; b++)
                {
                    var from = x + (((b * channels) + c) * s);
                    for (var i = 0; i < s; i++)
                        squares += (from[i] - average) * (from[i] - average);
                }

                mean[c] = (float)average;
                variance[c] = (float)(squares / count);
                inverseStd[c] = (float)(1 / Math.Sqrt((squares / count) + eps));
                var scale = inverseStd[c] * (weight == null ? 1 : weight[c]);
                var offset = bias == null ? 0 : bias[c];
                for (var b = 0L; b < n; b++)
                {
                    var at = ((b * channels) + c) * s;
                    for (var i = at; i < at + s; i++)
                        y[i] = ((x[i] - mean[c]) * scale) + offset;
                }
            }
        }
    }

    private readonly struct InferenceJob(
        int n,
        int channels,
        int s,
        float* x,
        float* weight,
        float* bias,
        float* mean,
        float* variance,
        float eps,
        float* y
    ) : IRangeJob
    {
        public void Run(long start, long end)
        {
            for (var c = start; c < end; c++)
            {
                var scale = (float)(1 / Math.Sqrt((double)variance[c] + eps)) * (weight == null ? 1 : weight[c]);
                var offset = bias == null ? 0 : bias[c];
                for (var b = 0L; b < n; b++)
                {
                    var at = ((b * channels) + c) * s;
                    for (var i = at; i < at + s; i++)
                        y[i] = ((x[i] - mean[c]) * scale) + offset;
                }
            }
        }
    }

    private readonly struct BackwardJob(
        bool training,
        int n,
        int channels,
        int s,
        float* x,
        float* dy,
        float* weight,
        float* mean,
        float* inverseStd,
        float* dx,
        float* dweight,
        float* dbias
    ) : IRangeJob
    {
        public void Run(long start, long end)
        {
            for (var c = start; c < end; c++)
            {
                double sum = 0,
                    product = 0;
                for (var b = 0L; b < n; b++)
                {
                    var at = ((b * channels) + c) * s;
                    for (var i = at; i < at + s; i++)
                    {
                        sum += dy[i];
                        product += dy[i] * (x[i] - mean[c]);
                    }
                }

                if (dweight != null)
                    dweight[c] = (float)(product * inverseStd[c]);
                if (dbias != null)
                    dbias[c] = (float)sum;
                if (dx == null)
                    continue;
                var count = (double)n * s;
                var scale = inverseStd[c] * (weight == null ? 1 : weight[c]);
                var slope = training ? (float)(product * inverseStd[c] * inverseStd[c] / count) : 0;
                var shift = training ? (float)(sum / count) : 0;
                for (var b = 0L; b < n; b++)
                {
                    var at = ((b * channels) + c) * s;
                    for (var i = at; i < at + s; i++)
                        dx[i] = scale * (dy[i] - shift - ((x[i] - mean[c]) * slope));
                }
            }
        }
    }
}

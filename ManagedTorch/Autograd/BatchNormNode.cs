using static TorchSharp.torch;

namespace TorchSharp.Autograd;

internal sealed unsafe class BatchNormNode : Node
{
    private readonly bool _training;
    private Saved _input;
    private Saved _weight;
    private Saved _mean;
    private Saved _inverseStd;

    private BatchNormNode(Tensor input, Tensor weight, Tensor bias, Tensor mean, Tensor inverseStd, bool training)
        : base(input, weight, bias)
    {
        _training = training;
        _input = Save(input);
        _weight = Save(weight);
        _mean = Save(mean);
        _inverseStd = Save(inverseStd);
    }

    /// <summary>Running statistics are updated when training.</summary>
    public static Tensor Run(
        Tensor input,
        Tensor runningMean,
        Tensor runningVariance,
        Tensor weight,
        Tensor bias,
        bool training,
        double momentum,
        double eps
    )
    {
        var (n, channels, s) = Sizes(input.Shape);
        using var x = input.Dense();
        using var w = weight.Dense();
        using var b = bias.Dense();
        var result = Tensor.New(input.Shape);
        using var mean = Tensor.New([channels]);
        using var variance = Tensor.New([channels]);
        using var inverseStd = Tensor.New([channels]);
        if (training)
        {
            Kernels.BatchNorm.ForwardTraining(
                n,
                channels,
                s,
                x.Float,
                w.Float,
                b.Float,
                (float)eps,
                result.Float,
                mean.Float,
                variance.Float,
                inverseStd.Float
            );
            Update(runningMean, mean, momentum, 1);
            Update(runningVariance, variance, momentum, (double)n * s / ((double)n * s - 1));
        }
        else
        {
            using var m = runningMean.Dense();
            using var v = runningVariance.Dense();
            for (var i = 0; i < channels; i++)
            {
                mean.Float[i] = m.Float[i];
                inverseStd.Float[i] = (float)(1 / Math.Sqrt(v.Float[i] + eps));
            }

            Kernels.BatchNorm.ForwardInference(n, channels, s, x.Float, w.Float, b.Float, m.Float, v.Float, (float)eps, result.Float);
        }

        return GradMode.Records(input, weight, bias)
            ? result.From(new BatchNormNode(input, weight, bias, mean, inverseStd, training))
            : result;
    }

    protected override void Backward(Tensor grad)
    {
        var input = Load(ref _input);
        var (n, channels, s) = Sizes(input.Shape);
        using var dy = grad.Dense();
        using var x = input.Dense();
        using var w = Load(ref _weight).Dense();
        var dx = Needs(0) ? Tensor.New(input.Shape) : null;
        var dw = Needs(1) ? Tensor.New([channels]) : null;
        var db = Needs(2) ? Tensor.New([channels]) : null;
        Kernels.BatchNorm.Backward(
            _training,
            n,
            channels,
            s,
            x.Float,
            dy.Float,
            w.Float,
            Load(ref _mean).Float,
            Load(ref _inverseStd).Float,
            dx is null ? null : dx.Float,
            dw is null ? null : dw.Float,
            db is null ? null : db.Float
        );
        if (dx is not null)
            Give(0, dx);
        if (dw is not null)
            Give(1, dw);
        if (db is not null)
            Give(2, db);
    }

    protected override void Release()
    {
        _input.Release();
        _weight.Release();
        _mean.Release();
        _inverseStd.Release();
    }

    private static (int N, int Channels, int S) Sizes(long[] shape) =>
        (checked((int)shape[0]), checked((int)shape[1]), checked((int)Shapes.Count(shape[2..])));

    private static void Update(Tensor running, Tensor batch, double momentum, double correction)
    {
        using var target = new InPlace(running);
        for (var i = 0; i < batch.Count; i++)
            target.Float[i] = (float)(momentum * correction * batch.Float[i] + (1 - momentum) * target.Float[i]);
    }
}

using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp.Autograd;

internal enum LossKind
{
    MeanSquaredError,
    WithLogits,
}

/// <summary>A loss of prediction and target, both of one shape, in one pass forward and one backward.</summary>
internal sealed unsafe class LossNode : Node
{
    private readonly LossKind _kind;
    private readonly nn.Reduction _reduction;
    private Saved _input;
    private Saved _target;

    private LossNode(LossKind kind, Tensor input, Tensor target, nn.Reduction reduction)
        : base(input, target)
    {
        (_kind, _reduction) = (kind, reduction);
        _input = Save(input);
        _target = Save(target);
    }

    public static Tensor Run(LossKind kind, Tensor input, Tensor target, nn.Reduction reduction)
    {
        if (!input.IsFloat)
            throw TorchErrors.Dtype("A loss", input.dtype);
        if (!target.IsFloat)
            throw TorchErrors.Error($"A loss takes a target of the input's type {input.dtype}, not of type {target.dtype}.");
        using var x = input.Dense();
        using var t = Elements(target, reduction, out var period);
        var n = input.Count;
        var result = Tensor.New(reduction == nn.Reduction.None ? input.Shape : []);
        if (reduction == nn.Reduction.None)
        {
            for (long i = 0; i < n; i += period)
                Each(kind, period, x.Float + i, t.Float, result.Float + i);
        }
        else
        {
            *result.Float = (float)(Sum(kind, n, x.Float, t.Float) / (reduction == nn.Reduction.Mean ? n : 1));
        }

        return GradMode.Records(input, target) ? result.From(new LossNode(kind, input, target, reduction)) : result;
    }

    protected override void Backward(Tensor grad)
    {
        var input = Load(ref _input);
        var target = Load(ref _target);
        using var x = input.Dense();
        using var t = Elements(target, _reduction, out var period);
        using var dy = grad.Dense();
        var n = input.Count;
        if (Needs(0))
        {
            var dx = Tensor.New(input.Shape);
            if (_reduction == nn.Reduction.None)
            {
                for (long i = 0; i < n; i += period)
                    EachBackward(period, x.Float + i, t.Float, dy.Float + i, dx.Float + i);
            }
            else
            {
                SumBackward(n, x.Float, t.Float, *dy.Float / (_reduction == nn.Reduction.Mean ? n : 1), dx.Float);
            }

            Give(0, dx);
        }

        if (!Needs(1))
            return;
        var each = _reduction == nn.Reduction.Mean ? grad / n : grad;
        Give(1, each * (_kind == LossKind.MeanSquaredError ? 2 * (target - input) : -input));
    }

    protected override void Release()
    {
        _input.Release();
        _target.Release();
    }

    /// <summary>
    /// The target row by row, and after how many elements it starts again: an expansion over the first dimensions is not copied.
    /// </summary>
    private static Dense Elements(Tensor target, nn.Reduction reduction, out long period)
    {
        period = target.Count;
        if (target.IsDense || period == 0 || reduction != nn.Reduction.None)
            return target.Dense();
        var (shape, strides) = (target.Shape, target.FullStrides());
        var first = 0;
        var length = period;
        for (; first < shape.Length && (strides[first] == 0 || shape[first] == 1); first++)
            length /= shape[first];
        // Short pieces would cost more in calls than the copy does.
        if (length < Elementwise.Grain || !Shapes.IsDense(shape.AsSpan(first), strides[first..]))
            return target.Dense();
        period = length;
        return new Dense(target, false);
    }

    private static double Sum(LossKind kind, long n, float* x, float* t) =>
        kind == LossKind.MeanSquaredError ? Losses.MeanSquaredError(n, x, t) : Losses.BinaryCrossEntropyWithLogits(n, x, t);

    private static void Each(LossKind kind, long n, float* x, float* t, float* y)
    {
        if (kind == LossKind.MeanSquaredError)
            Losses.MeanSquaredError(n, x, t, y);
        else
            Losses.BinaryCrossEntropyWithLogits(n, x, t, y);
    }

    private void SumBackward(long n, float* x, float* t, float scale, float* dx)
    {
        if (_kind == LossKind.MeanSquaredError)
            Losses.MeanSquaredErrorBackward(n, x, t, scale, dx);
        else
            Losses.BinaryCrossEntropyWithLogitsBackward(n, x, t, scale, dx);
    }

    private void EachBackward(long n, float* x, float* t, float* dy, float* dx)
    {
        if (_kind == LossKind.MeanSquaredError)
            Losses.MeanSquaredErrorBackward(n, x, t, dy, dx);
        else
            Losses.BinaryCrossEntropyWithLogitsBackward(n, x, t, dy, dx);
    }
}

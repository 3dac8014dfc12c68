using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>Group normalization of [batch, channels, ...], then weight and bias of [channels].</summary>
internal sealed unsafe class GroupNormNode : Node
{
    private readonly long _groups;
    private Saved _input;
    private Saved _weight;
    private Saved _mean;
    private Saved _inverseStd;

    private GroupNormNode(long groups, Tensor input, Tensor? weight, Tensor? bias, Tensor mean, Tensor inverseStd)
        : base(input, weight, bias)
    {
        _groups = groups;
        _input = Save(input);
        _weight = weight is null ? default : Save(weight);
        _mean = Save(mean);
        _inverseStd = Save(inverseStd);
    }

    public static Tensor Run(Tensor input, long groups, Tensor? weight, Tensor? bias, double eps)
    {
        var (n, channels, s) = Sizes(input.Shape);
        using var x = input.Dense();
        using var w = (weight ?? input).Dense();
        using var b = (bias ?? input).Dense();
        var result = Tensor.New(input.Shape);
        using var mean = Tensor.New([n * groups]);
        using var inverseStd = Tensor.New([n * groups]);
        Kernels.GroupNorm.Forward(
            n,
            groups,
            channels,
            s,
            x.Float,
            weight is null ? null : w.Float,
            bias is null ? null : b.Float,
            eps,
            result.Float,
            mean.Float,
            inverseStd.Float
        );
        return GradMode.Records(input, weight, bias)
            ? result.From(new GroupNormNode(groups, input, weight, bias, mean, inverseStd))
            : result;
    }

    protected override void Backward(Tensor grad)
    {
        var input = Load(ref _input);
        var (n, channels, s) = Sizes(input.Shape);
        using var dy = grad.Dense();
        using var x = input.Dense();
        using var w = (_weight.Shape is null ? input : Load(ref _weight)).Dense();
        var dx = Needs(0) ? Tensor.New(input.Shape) : null;
        var affine = Needs(1) || Needs(2);
        using var ofWeight = Tensor.New([affine ? n : 0, channels]);
        using var ofBias = Tensor.New([affine ? n : 0, channels]);
        Kernels.GroupNorm.Backward(
            n,
            _groups,
            channels,
            s,
            x.Float,
            dy.Float,
            _weight.Shape is null ? null : w.Float,
            Load(ref _mean).Float,
            Load(ref _inverseStd).Float,
            dx is null ? null : dx.Float,
            affine ? ofWeight.Float : null,
            affine ? ofBias.Float : null
        );
        if (dx is not null)
            Give(0, dx);
        if (Needs(1))
            Give(1, SumTo(ofWeight, [channels]));
        if (Needs(2))
            Give(2, SumTo(ofBias, [channels]));
    }

    protected override void Release()
    {
        _input.Release();
        _weight.Release();
        _mean.Release();
        _inverseStd.Release();
    }

    private static (long N, long Channels, long S) Sizes(long[] shape) => (shape[0], shape[1], Shapes.Count(shape[2..]));
}

using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>scale times a sum.</summary>
internal sealed class SumNode(Tensor x, ReadOnlySpan<bool> reduced, double scale) : Node(x)
{
    private readonly long[] _shape = x.Shape;
    private readonly bool[] _reduced = reduced.ToArray();

    protected override void Backward(Tensor grad) => Give(0, Reductions.Stretched(Scaled(grad, scale), _shape, _reduced));
}

/// <summary>One element along a dimension, at an index.</summary>
internal sealed class PickNode : Node
{
    private readonly long[] _shape;
    private readonly int _dim;
    private readonly bool _keepDim;
    private Saved _index;

    public PickNode(Tensor x, Tensor index, int dim, bool keepDim)
        : base(x)
    {
        _shape = x.Shape;
        _dim = dim;
        _keepDim = keepDim;
        _index = Save(index);
    }

    protected override void Backward(Tensor grad)
    {
        var index = Load(ref _index);
        var result = zeros(_shape);
        if (_shape.Length == 0)
            result.copy_(grad);
        else if (_keepDim)
            result.scatter_(_dim, index, grad);
        else
            result.scatter_(_dim, index.unsqueeze(_dim), grad.unsqueeze(_dim));
        Give(0, result);
    }

    protected override void Release() => _index.Release();
}

/// <summary>The largest or smallest over some dimensions: those that are equal to it share the gradient.</summary>
internal sealed class ExtremeOfNode : Node
{
    private readonly bool _isOfAll;
    private readonly bool[] _reduced;
    private Saved _x;
    private Saved _y;

    public ExtremeOfNode(Tensor x, Tensor y, ReadOnlySpan<bool> reduced, bool isOfAll)
        : base(x)
    {
        _isOfAll = isOfAll;
        _reduced = reduced.ToArray();
        _x = Save(x);
        _y = Save(y);
    }

    protected override void Backward(Tensor grad)
    {
        var x = Load(ref _x);
        var y = Reductions.Stretched(Load(ref _y), x.Shape, _reduced);
        var equal = x.eq(y);
        // PyTorch's max() and min() give the gradient to what is NaN where the result is; its amax and amin give NaN to all.
        if (_isOfAll) equal = equal.logical_or(x.isnan().logical_and(y.isnan()));
        var chosen = equal.to_type(ScalarType.Float32);
        var count = Reductions.Stretched(Reductions.Sum(chosen, _reduced, Shapes.Reduce(x.Shape, _reduced, true)), x.Shape, _reduced);
        Give(0, chosen.mul(Reductions.Stretched(grad, x.Shape, _reduced)).div(count));
    }

    protected override void Release()
    {
        _x.Release();
        _y.Release();
    }
}

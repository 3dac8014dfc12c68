using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>a + alpha b.</summary>
internal sealed class AddNode(Tensor a, Tensor b, double alpha) : Node(a, b)
{
    private readonly long[] _a = a.Shape;
    private readonly long[] _b = b.Shape;

    protected override void Backward(Tensor grad)
    {
        if (Needs(0))
            Give(0, SumTo(grad, _a));
        if (Needs(1))
            Give(1, Scaled(SumTo(grad, _b), alpha));
    }
}

/// <summary>scale x + anything constant.</summary>
internal sealed class ScaleNode(Tensor x, double scale) : Node(x)
{
    protected override void Backward(Tensor grad) => Give(0, Scaled(grad, scale));
}

internal sealed class MultiplyNode : Node
{
    private readonly long[] _aShape;
    private readonly long[] _bShape;
    private Saved _a;
    private Saved _b;

    public MultiplyNode(Tensor a, Tensor b)
        : base(a, b)
    {
        _aShape = a.Shape;
        _bShape = b.Shape;
        if (Needs(0))
            _b = Save(b);
        if (Needs(1))
            _a = Save(a);
    }

    protected override void Backward(Tensor grad)
    {
        if (Needs(0))
            Give(0, SumTo(Pointwise.Binary(grad, Load(ref _b), default(MultiplyOp), "mul"), _aShape));
        if (Needs(1))
            Give(1, SumTo(Pointwise.Binary(grad, Load(ref _a), default(MultiplyOp), "mul"), _bShape));
    }

    protected override void Release()
    {
        _a.Release();
        _b.Release();
    }
}

internal sealed class DivideNode : Node
{
    private readonly long[] _aShape;
    private readonly long[] _bShape;
    private Saved _a;
    private Saved _b;

    public DivideNode(Tensor a, Tensor b)
        : base(a, b)
    {
        _aShape = a.Shape;
        _bShape = b.Shape;
        _b = Save(b);
        if (Needs(1))
            _a = Save(a);
    }

    protected override void Backward(Tensor grad)
    {
        var b = Load(ref _b);
        var overB = Pointwise.Binary(grad, b, default(DivideOp), "div");
        if (Needs(0))
            Give(0, SumTo(overB, _aShape));
        if (Needs(1))
        {
            var quotient = Pointwise.Binary(Load(ref _a), b, default(DivideOp), "div");
            var product = Pointwise.Binary(overB, quotient, default(MultiplyOp), "mul");
            Give(1, SumTo(Pointwise.Map(product, default(NegateOp)), _bShape));
        }
    }

    protected override void Release()
    {
        _a.Release();
        _b.Release();
    }
}

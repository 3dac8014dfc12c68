using static TorchSharp.torch;

namespace TorchSharp.Autograd;

internal sealed unsafe class AvgPool2dNode : Node
{
    private readonly PoolWindow _window;
    private readonly long[] _inputShape;

    private AvgPool2dNode(Tensor input, PoolWindow window)
        : base(input) => (_window, _inputShape) = (window, input.Shape);

    public static Tensor Run(Tensor input, PoolWindow p)
    {
        using var x = input.Dense();
        var result = Tensor.New(p.OutputShape(input));
        Kernels.AvgPool2d.Forward(p, x.Float, result.Float);
        return GradMode.Records(input) ? result.From(new AvgPool2dNode(input, p)) : result;
    }

    protected override void Backward(Tensor grad)
    {
        using var dy = grad.Dense();
        var (p, dx) = (_window, Tensor.New(_inputShape));
        Kernels.AvgPool2d.Backward(p, dy.Float, dx.Float);
        Give(0, dx);
    }
}

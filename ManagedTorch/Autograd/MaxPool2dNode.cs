using static TorchSharp.torch;

namespace TorchSharp.Autograd;

internal sealed unsafe class MaxPool2dNode : Node
{
    private readonly PoolWindow _window;
    private readonly long[] _inputShape;
    private Saved _places;

    private MaxPool2dNode(Tensor input, Tensor places, PoolWindow window)
        : base(input)
    {
        _window = window;
        _inputShape = input.Shape;
        _places = Save(places);
    }

    public static Tensor Run(Tensor input, PoolWindow p)
    {
        using var x = input.Dense();
        var result = Tensor.New(p.OutputShape(input));
        // Of floats, since an int is as large as one.
        using var places = Tensor.New(result.Shape);
        Kernels.MaxPool2d.Forward(p, x.Float, result.Float, (int*)places.Storage.Data);
        return GradMode.Records(input) ? result.From(new MaxPool2dNode(input, places, p)) : result;
    }

    protected override void Backward(Tensor grad)
    {
        using var dy = grad.Dense();
        var places = Load(ref _places);
        var dx = Tensor.New(_inputShape);
        Kernels.MaxPool2d.Backward(_window, dy.Float, (int*)places.Storage.Data, dx.Float);
        Give(0, dx);
    }

    protected override void Release() => _places.Release();
}

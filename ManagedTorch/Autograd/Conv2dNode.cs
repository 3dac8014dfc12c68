using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>
/// A convolution, or a transposed one: its forward is a convolution's gradient of its input and its backward the convolution; the
/// shape is the convolution's.
/// </summary>
internal sealed unsafe class Conv2dNode : Node
{
    private readonly ConvShape _shape;
    private readonly bool _transposed;
    private Saved _input;
    private Saved _weight;

    private Conv2dNode(Tensor input, Tensor weight, Tensor? bias, ConvShape shape, bool transposed)
        : base(input, weight, bias)
    {
        _shape = shape;
        _transposed = transposed;
        _input = Save(input);
        _weight = Save(weight);
    }

    public static Tensor Run(Tensor input, Tensor weight, Tensor? bias, ConvShape shape, bool transposed)
    {
        using var x = input.Dense();
        using var w = weight.Dense();
        using var b = (bias ?? weight).Dense();
        var result = Tensor.New(
            transposed
                ? [shape.Batch, shape.InChannels, shape.InHeight, shape.InWidth]
                : [shape.Batch, shape.OutChannels, shape.OutHeight, shape.OutWidth]
        );
        Convolve(shape, transposed, x.Float, w.Float, bias is null ? null : b.Float, result.Float);
        return GradMode.Records(input, weight, bias) ? result.From(new Conv2dNode(input, weight, bias, shape, transposed)) : result;
    }

    protected override void Backward(Tensor grad)
    {
        using var dy = grad.Dense();
        if (Needs(0))
        {
            var weight = Load(ref _weight);
            using var w = weight.Dense();
            var dx = Tensor.New(_input.Shape);
            Convolve(_shape, !_transposed, dy.Float, w.Float, null, dx.Float);
            Give(0, dx);
        }

        if (Needs(1))
        {
            var input = Load(ref _input);
            using var x = input.Dense();
            var dw = Tensor.New(_weight.Shape);
            var (from, to) = _transposed ? (dy, x) : (x, dy);
            Kernels.Conv2d.BackwardWeight(_shape, from.Float, to.Float, dw.Float);
            Give(1, dw);
        }

        if (Needs(2))
            Give(2, Reductions.Sum(dy.Tensor, [true, false, true, true], [_transposed ? _shape.InChannels : _shape.OutChannels]));
    }

    protected override void Release()
    {
        _input.Release();
        _weight.Release();
    }

    private static void Convolve(ConvShape shape, bool transposed, float* from, float* weight, float* bias, float* to)
    {
        if (transposed)
            Kernels.Conv2d.BackwardInput(shape, from, weight, bias, to);
        else
            Kernels.Conv2d.Forward(shape, from, weight, bias, to);
    }
}

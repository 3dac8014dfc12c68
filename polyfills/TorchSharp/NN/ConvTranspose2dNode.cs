using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>Forward is a convolution's gradient of its input, and backward the convolution; the shape is the convolution's.</summary>
internal sealed unsafe class ConvTranspose2dNode : Node
{
    private readonly ConvShape _shape;
    private Saved _input;
    private Saved _weight;

    private ConvTranspose2dNode(Tensor input, Tensor weight, Tensor? bias, ConvShape shape) : base(input, weight, bias)
    {
        _shape = shape;
        _input = Save(input);
        _weight = Save(weight);
    }

    public static Tensor Run(Tensor input, Tensor weight, Tensor? bias, ConvShape shape)
    {
        using var x = input.Dense();
        using var w = weight.Dense();
        using var b = (bias ?? weight).Dense();
        var result = Tensor.New([shape.Batch, shape.InChannels, shape.InHeight, shape.InWidth]);
        Kernels.Conv2d.BackwardInput(shape, x.Float, w.Float, bias is null ? null : b.Float, result.Float);
        return GradMode.Records(input, weight, bias) ? result.From(new ConvTranspose2dNode(input, weight, bias, shape)) : result;
    }

    protected override void Backward(Tensor grad)
    {
        using var dy = grad.Dense();
        if (Needs(0))
        {
            var weight = Load(ref _weight);
            using var w = weight.Dense();
            var dx = Tensor.New(_input.Shape);
            Kernels.Conv2d.Forward(_shape, dy.Float, w.Float, null, dx.Float);
            Give(0, dx);
        }
        if (Needs(1))
        {
            var input = Load(ref _input);
            using var x = input.Dense();
            var dw = Tensor.New(_weight.Shape);
            Kernels.Conv2d.BackwardWeight(_shape, dy.Float, x.Float, dw.Float);
            Give(1, dw);
        }
        if (Needs(2)) Give(2, Reductions.Sum(dy.Tensor, [true, false, true, true], [_shape.InChannels]));
    }

    protected override void Release()
    {
        _input.Release();
        _weight.Release();
    }
}

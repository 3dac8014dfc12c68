using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>input [..., in] times weights [out, in] transposed, plus bias [out]: [..., out].</summary>
internal sealed unsafe class LinearNode : Node
{
    private readonly long[]? _bias;
    private Saved _input;
    private Saved _weight;

    private LinearNode(Tensor input, Tensor weight, Tensor? bias)
        : base(input, weight, bias)
    {
        _input = Save(input);
        _weight = Save(weight);
        _bias = bias?.Shape;
    }

    public static Tensor Run(Tensor input, Tensor weight, Tensor? bias)
    {
        Check(input, weight, bias);
        using var x = input.Dense();
        using var w = weight.Dense();
        using var b = (bias ?? weight).Dense();
        var (n, k) = ((int)weight.Shape[0], (int)weight.Shape[1]);
        var m = checked((int)(k == 0 ? Shapes.Count(input.Shape[..^1]) : input.Count / k));
        var result = Tensor.New([.. input.Shape[..^1], n]);
        Gemm.MultiplyBias(false, true, m, n, k, x.Float, k, w.Float, k, result.Float, n, false, bias is null ? null : b.Float);
        return GradMode.Records(input, weight, bias) ? result.From(new LinearNode(input, weight, bias)) : result;
    }

    protected override void Backward(Tensor grad)
    {
        using var dy = grad.Dense();
        var (input, weight) = (Load(ref _input), Load(ref _weight));
        var (n, k) = ((int)weight.Shape[0], (int)weight.Shape[1]);
        var m = (int)Shapes.Count(input.Shape[..^1]);
        if (Needs(0))
        {
            using var w = weight.Dense();
            var dx = Tensor.New(input.Shape);
            Gemm.Multiply(false, false, m, k, n, dy.Float, n, w.Float, k, dx.Float, k, false);
            Give(0, dx);
        }

        if (Needs(1))
        {
            using var x = input.Dense();
            var dw = PlaceOf(1) ?? Tensor.New(weight.Shape);
            Gemm.Multiply(true, false, n, k, m, dy.Float, n, x.Float, k, dw.Float, k, false);
            Give(1, dw);
        }

        if (!Needs(2))
            return;
        var db = Tensor.New(_bias!);
        Reduce.SumColumns(m, n, dy.Float, db.Float);
        Give(2, db);
    }

    protected override void Release()
    {
        _input.Release();
        _weight.Release();
    }

    private static void Check(Tensor input, Tensor weight, Tensor? bias)
    {
        foreach (var tensor in (ReadOnlySpan<Tensor?>)[input, weight, bias])
        {
            if (tensor is { IsFloat: false })
                throw TorchErrors.Dtype("linear", tensor.dtype);
        }

        if (weight.Shape.Length != 2)
            throw TorchErrors.Error($"linear takes weights of two dimensions, not of shape {TorchErrors.Text(weight.Shape)}.");
        if (input.Shape.Length == 0 || input.Shape[^1] != weight.Shape[1])
        {
            throw TorchErrors.Error(
                $"mat1 and mat2 shapes cannot be multiplied: the input's last size must be the weights', but the shapes are "
                    + $"{TorchErrors.Text(input.Shape)} and {TorchErrors.Text(weight.Shape)}."
            );
        }

        if (bias is not null && !Shapes.Same(bias.Shape, weight.Shape[..1]))
        {
            throw TorchErrors.Error(
                $"linear takes a bias of shape [{weight.Shape[0]}] to weights of shape "
                    + $"{TorchErrors.Text(weight.Shape)}, not {TorchErrors.Text(bias.Shape)}."
            );
        }
    }
}

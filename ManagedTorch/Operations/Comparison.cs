using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Comparisons of Float32 tensors, which give Bool.</summary>
internal static unsafe class Comparison
{
    public static Tensor Run<TOp>(Tensor a, Tensor b, string name)
        where TOp : struct, IComparison
    {
        Check(a, name);
        Check(b, name);
        var y = Tensor.New(Broadcast.Shape(a.Shape, b.Shape, name), ScalarType.Bool);
        if (b.Count == 1 && a.Count == y.Count)
        {
            using var numbers = a.Dense();
            Compare.Scalar<TOp>(y.Count, numbers.Float, *b.Float, y.Storage.Data);
            return y;
        }

        using var left = Numbers.Spelled(a, y.Shape);
        using var right = Numbers.Spelled(b, y.Shape);
        Compare.Binary<TOp>(y.Count, left.Float, right.Float, y.Storage.Data);
        return y;
    }

    public static Tensor Run<TOp>(Tensor a, Scalar b, string name)
        where TOp : struct, IComparison
    {
        Check(a, name);
        var y = Tensor.New(a.Shape, ScalarType.Bool);
        using var numbers = a.Dense();
        Compare.Scalar<TOp>(y.Count, numbers.Float, (float)b.Double, y.Storage.Data);
        return y;
    }

    private static void Check(Tensor x, string name)
    {
        if (!x.IsFloat)
            throw TorchErrors.Dtype(name, x.dtype);
    }
}

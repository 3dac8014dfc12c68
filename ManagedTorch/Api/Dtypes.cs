using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The element types there are here, and which one an operation on two of them has.</summary>
internal static class Dtypes
{
    public static int Size(ScalarType dtype) => dtype switch
    {
        ScalarType.Byte or ScalarType.Bool => 1,
        ScalarType.Int32 or ScalarType.Float32 => 4,
        ScalarType.Int64 or ScalarType.Float64 => 8,
        _ => throw TorchErrors.Error(
            $"Tensors of type {dtype} are not available; there are Float32, Float64, Int64, Int32, Byte and Bool."),
    };

    public static ScalarType Promote(ScalarType a, ScalarType b) => a == b || Rank(a) > Rank(b) ? a : b;

    /// <summary>A tensor without dimensions only raises the category (bool, integer, floating point) of one that has some.</summary>
    public static ScalarType Promote(Tensor a, Tensor b)
    {
        var (x, y) = (a.dtype, b.dtype);
        if (x == y)
            return x;
        var scalarA = a.Shape.Length == 0;
        if (scalarA == (b.Shape.Length == 0))
            return Promote(x, y);
        return scalarA ? PromoteScalar(y, x) : PromoteScalar(x, y);
    }

    public static ScalarType Promote(ScalarType tensor, Scalar scalar) =>
        Category(tensor) >= Category(scalar.Type) ? tensor : scalar.IsFloat ? ScalarType.Float32 : scalar.Type;

    private static ScalarType PromoteScalar(ScalarType tensor, ScalarType scalar) => Category(tensor) >= Category(scalar) ? tensor : scalar;

    private static int Category(ScalarType dtype) => dtype == ScalarType.Bool ? 0 : is_integral(dtype) ? 1 : 2;

    private static int Rank(ScalarType dtype) => dtype switch
    {
        ScalarType.Bool => 0,
        ScalarType.Byte => 1,
        ScalarType.Int32 => 2,
        ScalarType.Int64 => 3,
        ScalarType.Float32 => 4,
        ScalarType.Float64 => 5,
        _ => throw TorchErrors.Error(
            $"Tensors of type {dtype} are not available; there are Float32, Float64, Int64, Int32, Byte and Bool."),
    };
}

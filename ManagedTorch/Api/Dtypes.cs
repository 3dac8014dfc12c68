using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The element types there are here, and which one an operation on two of them has.</summary>
internal static class Dtypes
{
    public static int Size(ScalarType dtype) =>
        dtype switch
        {
            ScalarType.Bool => 1,
            ScalarType.Float32 => 4,
            ScalarType.Int64 => 8,
            _ => throw TorchErrors.Error($"Tensors of type {dtype} are not available; there are Float32, Int64 and Bool."),
        };

    /// <summary>Bool gives way to Int64, and that to Float32.</summary>
    public static ScalarType Promote(ScalarType a, ScalarType b) => Rank(a) > Rank(b) ? a : b;

    public static ScalarType Promote(Tensor a, Tensor b) => Promote(a.dtype, b.dtype);

    private static int Rank(ScalarType dtype) =>
        dtype switch
        {
            ScalarType.Bool => 0,
            ScalarType.Int64 => 1,
            _ => 2,
        };
}

using static TorchSharp.torch;

namespace TorchSharp;

public static class TensorExtensionMethods
{
    public static int ElementSize(this ScalarType type) => Dtypes.Size(type);

    public static long TotalSize(this IEnumerable<long> shape)
    {
        long count = 1;
        foreach (var size in shape)
            count *= size;
        return count;
    }

    public static float ToSingle(this Tensor value) => (float)Read(value);

    public static double ToDouble(this Tensor value) => Read(value);

    public static long ToInt64(this Tensor value) => value.dtype == ScalarType.Int64 ? value.item<long>() : (long)Read(value);

    public static int ToInt32(this Tensor value) => checked((int)value.ToInt64());

    public static byte ToByte(this Tensor value) => checked((byte)value.ToInt64());

    public static bool ToBoolean(this Tensor value) => Read(value) != 0;

    private static double Read(Tensor value) => value.dtype switch
    {
        ScalarType.Float32 => value.item<float>(),
        ScalarType.Float64 => value.item<double>(),
        ScalarType.Int64 => value.item<long>(),
        ScalarType.Int32 => value.item<int>(),
        ScalarType.Bool => value.item<bool>() ? 1 : 0,
        _ => value.item<byte>(),
    };
}

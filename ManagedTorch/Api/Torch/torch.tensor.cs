namespace TorchSharp;

public static partial class torch
{
    public static Tensor tensor(float scalar, Device? device = null, bool requires_grad = false) =>
        Factories.Of<float>([scalar], Shapes.Scalar, ScalarType.Float32, null, device, requires_grad, null);

    public static Tensor tensor(double scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Factories.Of<double>([scalar], Shapes.Scalar, ScalarType.Float64, dtype, device, requires_grad, null);

    public static Tensor tensor(long scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Factories.Of<long>([scalar], Shapes.Scalar, ScalarType.Int64, dtype, device, requires_grad, null);

    public static Tensor tensor(int scalar, Device? device = null, bool requires_grad = false) =>
        Factories.Of<int>([scalar], Shapes.Scalar, ScalarType.Int32, null, device, requires_grad, null);

    public static Tensor tensor(byte scalar, Device? device = null, bool requires_grad = false) =>
        Factories.Of<byte>([scalar], Shapes.Scalar, ScalarType.Byte, null, device, requires_grad, null);

    public static Tensor tensor(bool scalar, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Factories.Of<bool>([scalar], Shapes.Scalar, ScalarType.Bool, dtype, device, requires_grad, null);

    public static Tensor tensor(
        float[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<float>(rawArray, [rawArray.LongLength], ScalarType.Float32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        float[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Factories.Of<float>(rawArray, dimensions, ScalarType.Float32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<float> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<float>(rawArray.ToArray(), [rawArray.Count], ScalarType.Float32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<float> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Factories.Of<float>(rawArray.ToArray(), dimensions, ScalarType.Float32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        Memory<float> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Factories.Of<float>(rawArray.Span, dimensions, ScalarType.Float32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        float[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<float>(rawArray, ScalarType.Float32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        float[,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<float>(rawArray, ScalarType.Float32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        float[,,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<float>(rawArray, ScalarType.Float32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        double[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<double>(rawArray, [rawArray.LongLength], ScalarType.Float64, dtype, device, requires_grad, names);

    public static Tensor tensor(
        double[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Factories.Of<double>(rawArray, dimensions, ScalarType.Float64, dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<double> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<double>(rawArray.ToArray(), [rawArray.Count], ScalarType.Float64, dtype, device, requires_grad, names);

    public static Tensor tensor(
        Memory<double> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Factories.Of<double>(rawArray.Span, dimensions, ScalarType.Float64, dtype, device, requires_grad, names);

    public static Tensor tensor(
        double[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<double>(rawArray, ScalarType.Float64, dtype, device, requires_grad, names);

    public static Tensor tensor(
        double[,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<double>(rawArray, ScalarType.Float64, dtype, device, requires_grad, names);

    public static Tensor tensor(
        double[,,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<double>(rawArray, ScalarType.Float64, dtype, device, requires_grad, names);

    public static Tensor tensor(
        long[] dataArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<long>(dataArray, [dataArray.LongLength], ScalarType.Int64, dtype, device, requires_grad, names);

    public static Tensor tensor(
        long[] dataArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Factories.Of<long>(dataArray, dimensions, ScalarType.Int64, dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<long> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<long>(rawArray.ToArray(), [rawArray.Count], ScalarType.Int64, dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<long> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Factories.Of<long>(rawArray.ToArray(), dimensions, ScalarType.Int64, dtype, device, requires_grad, names);

    public static Tensor tensor(
        Memory<long> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Factories.Of<long>(rawArray.Span, dimensions, ScalarType.Int64, dtype, device, requires_grad, names);

    public static Tensor tensor(
        long[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<long>(rawArray, ScalarType.Int64, dtype, device, requires_grad, names);

    public static Tensor tensor(
        long[,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<long>(rawArray, ScalarType.Int64, dtype, device, requires_grad, names);

    public static Tensor tensor(
        long[,,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<long>(rawArray, ScalarType.Int64, dtype, device, requires_grad, names);

    public static Tensor tensor(
        int[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<int>(rawArray, [rawArray.LongLength], ScalarType.Int32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        int[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Factories.Of<int>(rawArray, dimensions, ScalarType.Int32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<int> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<int>(rawArray.ToArray(), [rawArray.Count], ScalarType.Int32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<int> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Factories.Of<int>(rawArray.ToArray(), dimensions, ScalarType.Int32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        Memory<int> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Factories.Of<int>(rawArray.Span, dimensions, ScalarType.Int32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        int[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<int>(rawArray, ScalarType.Int32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        int[,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<int>(rawArray, ScalarType.Int32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        int[,,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<int>(rawArray, ScalarType.Int32, dtype, device, requires_grad, names);

    public static Tensor tensor(
        byte[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<byte>(rawArray, [rawArray.LongLength], ScalarType.Byte, dtype, device, requires_grad, names);

    public static Tensor tensor(
        byte[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Factories.Of<byte>(rawArray, dimensions, ScalarType.Byte, dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<byte> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<byte>(rawArray.ToArray(), [rawArray.Count], ScalarType.Byte, dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<byte> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Factories.Of<byte>(rawArray.ToArray(), dimensions, ScalarType.Byte, dtype, device, requires_grad, names);

    public static Tensor tensor(
        Memory<byte> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Factories.Of<byte>(rawArray.Span, dimensions, ScalarType.Byte, dtype, device, requires_grad, names);

    public static Tensor tensor(
        byte[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<byte>(rawArray, ScalarType.Byte, dtype, device, requires_grad, names);

    public static Tensor tensor(
        byte[,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<byte>(rawArray, ScalarType.Byte, dtype, device, requires_grad, names);

    public static Tensor tensor(
        byte[,,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<byte>(rawArray, ScalarType.Byte, dtype, device, requires_grad, names);

    public static Tensor tensor(
        bool[] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<bool>(rawArray, [rawArray.LongLength], ScalarType.Bool, dtype, device, requires_grad, names);

    public static Tensor tensor(
        bool[] rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Factories.Of<bool>(rawArray, dimensions, ScalarType.Bool, dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<bool> rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<bool>(rawArray.ToArray(), [rawArray.Count], ScalarType.Bool, dtype, device, requires_grad, names);

    public static Tensor tensor(
        IList<bool> rawArray, ReadOnlySpan<long> dimensions, ScalarType? dtype = null, Device? device = null,
        bool requires_grad = false, string[]? names = null) =>
        Factories.Of<bool>(rawArray.ToArray(), dimensions, ScalarType.Bool, dtype, device, requires_grad, names);

    public static Tensor tensor(
        bool[,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<bool>(rawArray, ScalarType.Bool, dtype, device, requires_grad, names);

    public static Tensor tensor(
        bool[,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<bool>(rawArray, ScalarType.Bool, dtype, device, requires_grad, names);

    public static Tensor tensor(
        bool[,,,] rawArray, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Of<bool>(rawArray, ScalarType.Bool, dtype, device, requires_grad, names);
}

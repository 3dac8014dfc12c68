namespace TorchSharp;

public static partial class torch
{
    public static Tensor arange(
        Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Factories.Arange(start, stop, step, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Factories.Arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Factories.Arange(0, stop, 1, dtype, device, requires_grad);

    public static Tensor linspace(
        double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Factories.Linspace(start, end, steps, dtype, device, requires_grad);

    public static Tensor eye(
        long rows,
        long columns = -1,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null) => Factories.Eye(rows, columns, dtype, device, requires_grad, names);

    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    public static Tensor from_array(
        Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        rawArray.GetType().GetElementType() switch
        {
            var t when t == typeof(float) => Factories.Of<float>(rawArray, ScalarType.Float32, dtype, device, requires_grad, names),
            var t when t == typeof(double) => Factories.Of<double>(rawArray, ScalarType.Float64, dtype, device, requires_grad, names),
            var t when t == typeof(long) => Factories.Of<long>(rawArray, ScalarType.Int64, dtype, device, requires_grad, names),
            var t when t == typeof(int) => Factories.Of<int>(rawArray, ScalarType.Int32, dtype, device, requires_grad, names),
            var t when t == typeof(byte) => Factories.Of<byte>(rawArray, ScalarType.Byte, dtype, device, requires_grad, names),
            var t when t == typeof(bool) => Factories.Of<bool>(rawArray, ScalarType.Bool, dtype, device, requires_grad, names),
            var t => throw new NotSupportedException($"A tensor can't be made from elements of type {t?.Name}."),
        };
}

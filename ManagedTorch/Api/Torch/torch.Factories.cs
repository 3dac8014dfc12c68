namespace TorchSharp;

public static partial class torch
{
    public static Tensor zeros(
        long size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Factories.Full([size], 0, dtype ?? ScalarType.Float32, device, requires_grad, names);

    public static Tensor zeros(
        int size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Factories.Full([size], 0, dtype ?? ScalarType.Float32, device, requires_grad, names);

    public static Tensor zeros(
        int dim0,
        int dim1,
        int dim2,
        int dim3,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Factories.Full([dim0, dim1, dim2, dim3], 0, dtype ?? ScalarType.Float32, device, requires_grad, names);

    public static Tensor zeros(
        long[] size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Factories.Full(size, 0, dtype ?? ScalarType.Float32, device, requires_grad, names);

    public static Tensor ones(
        long size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Factories.Full([size], 1, dtype ?? ScalarType.Float32, device, requires_grad, names);

    public static Tensor ones(
        long[] size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Factories.Full(size, 1, dtype ?? ScalarType.Float32, device, requires_grad, names);

    public static Tensor ones(
        int rows,
        int columns,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Factories.Full([rows, columns], 1, dtype ?? ScalarType.Float32, device, requires_grad, names);

    public static Tensor ones(
        int dim0,
        int dim1,
        int dim2,
        int dim3,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Factories.Full([dim0, dim1, dim2, dim3], 1, dtype ?? ScalarType.Float32, device, requires_grad, names);

    public static Tensor full(
        int rows,
        int columns,
        Scalar value,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Factories.Full([rows, columns], value, dtype ?? value.Type, device, requires_grad, names);

    public static Tensor empty(
        long size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Factories.Empty([size], dtype ?? ScalarType.Float32, device, requires_grad, names);

    public static Tensor empty(
        long rows,
        long columns,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Factories.Empty([rows, columns], dtype ?? ScalarType.Float32, device, requires_grad, names);

    public static Tensor empty(
        long[] size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        string[]? names = null
    ) => Factories.Empty(size, dtype ?? ScalarType.Float32, device, requires_grad, names);

    /// <summary>A tensor whose elements are those of a file, which are written there too.</summary>
    public static Tensor from_file(
        string filename,
        bool? shared = null,
        long? size = 0,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false
    ) => Factories.Mapped(filename, shared, size, dtype ?? ScalarType.Float32, device, requires_grad);
}

namespace TorchSharp;

public static partial class torch
{
    public static Tensor rand(
        long[] size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => Random(size, names, dtype, device, requires_grad, t => t.uniform_(0, 1, generator));

    public static Tensor rand(
        ReadOnlySpan<long> size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => rand(size.ToArray(), dtype, device, requires_grad, generator, names);

    public static Tensor rand(
        int rows,
        int columns,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => rand([rows, columns], dtype, device, requires_grad, generator, names);

    public static Tensor rand(
        int dim0,
        int dim1,
        int dim2,
        int dim3,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => rand([dim0, dim1, dim2, dim3], dtype, device, requires_grad, generator, names);

    public static Tensor randn(
        long[] size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => Random(size, names, dtype, device, requires_grad, t => t.normal_(0, 1, generator));

    public static Tensor randn(
        ReadOnlySpan<long> size,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => randn(size.ToArray(), dtype, device, requires_grad, generator, names);

    public static Tensor randn(
        int rows,
        int columns,
        ScalarType? dtype = null,
        Device? device = null,
        bool requires_grad = false,
        Generator? generator = null,
        string[]? names = null
    ) => randn([rows, columns], dtype, device, requires_grad, generator, names);

    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        Random(input.NewLike(), dtype ?? input.dtype, device, requires_grad, t => t.normal_());

    private static Tensor Random(
        long[] size,
        string[]? names,
        ScalarType? dtype,
        Device? device,
        bool requires_grad,
        Func<Tensor, Tensor> fill
    ) => Random(Factories.Empty(size, ScalarType.Float32, device, false, names), dtype, device, requires_grad, fill);

    private static Tensor Random(Tensor tensor, ScalarType? dtype, Device? device, bool requires_grad, Func<Tensor, Tensor> fill)
    {
        InitializeDevice(device);
        if (dtype is { } other && other != ScalarType.Float32)
            throw TorchErrors.Dtype("A random draw", other);
        using (no_grad())
            return fill(tensor).requires_grad_(requires_grad);
    }
}

using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Tensors made from sizes and from the user's arrays.</summary>
internal static unsafe class Factories
{
    public static Tensor Empty(ReadOnlySpan<long> size, ScalarType dtype, Device? device, bool requiresGrad, string[]? names)
    {
        InitializeDevice(device);
        if (names is not null)
            throw new NotSupportedException("Names of dimensions are not available.");
        var tensor = Tensor.New(Shapes.Checked(size), dtype);
        return requiresGrad ? tensor.requires_grad_() : tensor;
    }

    public static Tensor Mapped(string path, bool? shared, long? size, ScalarType dtype, Device? device, bool requiresGrad)
    {
        InitializeDevice(device);
        if (shared != true)
            throw new NotSupportedException("The managed engine maps a file only with shared: true.");
        if (size is not > 0)
            throw TorchErrors.Error($"from_file needs a size of one or more elements, not {size?.ToString() ?? "none"}.");
        var tensor = new Tensor(Memory.TensorStorage.Map(path, size.Value * Dtypes.Size(dtype)), dtype, [size.Value], null, 0);
        return requiresGrad ? tensor.requires_grad_() : tensor;
    }

    public static Tensor Full(
        ReadOnlySpan<long> size,
        Scalar value,
        ScalarType dtype,
        Device? device,
        bool requiresGrad,
        string[]? names
    ) => Empty(size, dtype, device, requiresGrad, names).Fill(value);

    public static Tensor Of<T>(
        ReadOnlySpan<T> elements,
        ReadOnlySpan<long> size,
        ScalarType own,
        ScalarType? dtype,
        Device? device,
        bool requiresGrad,
        string[]? names
    )
        where T : unmanaged
    {
        if (Shapes.Count(size) != elements.Length)
            throw new ArgumentException($"{elements.Length} elements don't fill a tensor of shape {TorchErrors.Text(size)}.");
        var tensor = Empty(size, own, device, false, names);
        elements.CopyTo(new Span<T>(tensor.Storage.Data, elements.Length));
        return As(tensor, dtype ?? own, requiresGrad);
    }

    public static Tensor Arange(Scalar stop, ScalarType? dtype, Device? device, bool requiresGrad)
    {
        var end = stop.Double;
        if (!double.IsFinite(end) || end < 0)
            TorchErrors.Throw($"arange can't go from 0 to {end}.");
        var tensor = Empty([(long)Math.Ceiling(end)], dtype ?? stop.Type, device, false, null);
        if (tensor.dtype == ScalarType.Bool)
            throw TorchErrors.Dtype("arange", tensor.dtype);
        for (long i = 0; i < tensor.Count; i++)
        {
            if (tensor.IsFloat)
                tensor.Float[i] = i;
            else
                ((long*)tensor.Storage.Data)[i] = i;
        }

        return requiresGrad ? tensor.requires_grad_() : tensor;
    }

    public static Tensor As(Tensor tensor, ScalarType dtype, bool requiresGrad)
    {
        var result = tensor;
        if (dtype != tensor.dtype)
        {
            using (tensor)
                result = Copies.Convert(tensor, dtype);
        }

        return requiresGrad ? result.requires_grad_() : result;
    }
}

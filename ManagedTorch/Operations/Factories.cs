using System.Runtime.InteropServices;
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

    public static Tensor Full(
        ReadOnlySpan<long> size, Scalar value, ScalarType dtype, Device? device, bool requiresGrad, string[]? names) =>
        Empty(size, dtype, device, requiresGrad, names).Fill(value);

    /// <summary>The type of a tensor filled with a scalar when none is asked for.</summary>
    public static ScalarType TypeOf(Scalar value) => value.IsFloat ? ScalarType.Float32 : ScalarType.Int64;

    public static Tensor Of<T>(
        ReadOnlySpan<T> elements,
        ReadOnlySpan<long> size,
        ScalarType own,
        ScalarType? dtype,
        Device? device,
        bool requiresGrad,
        string[]? names)
        where T : unmanaged
    {
        if (Shapes.Count(size) != elements.Length)
            throw new ArgumentException($"{elements.Length} elements don't fill a tensor of shape {TorchErrors.Text(size)}.");
        var tensor = Empty(size, own, device, false, names);
        elements.CopyTo(new Span<T>(tensor.Storage.Data, elements.Length));
        return As(tensor, dtype ?? own, requiresGrad);
    }

    /// <summary>From an array of any rank.</summary>
    public static Tensor Of<T>(Array elements, ScalarType own, ScalarType? dtype, Device? device, bool requiresGrad, string[]? names)
        where T : unmanaged
    {
        var size = new long[elements.Rank];
        for (var i = 0; i < size.Length; i++)
            size[i] = elements.GetLongLength(i);
        var tensor = Empty(size, own, device, false, names);
        var bytes = tensor.Count * sizeof(T);
        if (bytes > 0)
        {
            fixed (byte* from = &MemoryMarshal.GetArrayDataReference(elements))
                Buffer.MemoryCopy(from, tensor.Storage.Data, bytes, bytes);
        }

        return As(tensor, dtype ?? own, requiresGrad);
    }

    public static Tensor Arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype, Device? device, bool requiresGrad)
    {
        var (first, end, by) = (start.Double, stop.Double, step.Double);
        if (by == 0 || !double.IsFinite(first) || !double.IsFinite(end) || (end - first) / by < 0)
            TorchErrors.Throw($"arange can't go from {first} to {end} in steps of {by}.");
        var type = dtype ?? (start.IsFloat || stop.IsFloat || step.IsFloat ? ScalarType.Float32 : ScalarType.Int64);
        var count = (long)Math.Ceiling((end - first) / by);
        using var numbers = Tensor.New([count], ScalarType.Float64);
        for (long i = 0; i < count; i++)
            ((double*)numbers.Storage.Data)[i] = first + i * by;
        InitializeDevice(device);
        var tensor = Copies.Convert(numbers, type);
        return requiresGrad ? tensor.requires_grad_() : tensor;
    }

    public static Tensor Linspace(double start, double end, long steps, ScalarType? dtype, Device? device, bool requiresGrad)
    {
        if (steps < 0)
            TorchErrors.Throw($"linspace needs a number of steps that isn't negative, not {steps}.");
        using var numbers = Tensor.New([steps], ScalarType.Float64);
        var step = steps > 1 ? (end - start) / (steps - 1) : 0;
        for (long i = 0; i < steps; i++)
            ((double*)numbers.Storage.Data)[i] = i < steps / 2 ? start + step * i : end - step * (steps - 1 - i);
        if (steps == 1)
            ((double*)numbers.Storage.Data)[0] = start;
        InitializeDevice(device);
        var tensor = Copies.Convert(numbers, dtype ?? ScalarType.Float32);
        return requiresGrad ? tensor.requires_grad_() : tensor;
    }

    public static Tensor Eye(long rows, long columns, ScalarType? dtype, Device? device, bool requiresGrad, string[]? names)
    {
        var width = columns < 0 ? rows : columns;
        var tensor = Full([rows, width], 0, dtype ?? ScalarType.Float32, device, requiresGrad, names);
        using var diagonal = tensor.ViewOf([Math.Min(rows, width)], [width + 1], 0);
        diagonal.Fill(1);
        return tensor;
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

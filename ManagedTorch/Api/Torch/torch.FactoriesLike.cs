namespace TorchSharp;

public static partial class torch
{
    public static Tensor zeros_like(
        Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Full(input.Shape, 0, dtype ?? input.dtype, device, requires_grad, names);

    public static Tensor ones_like(
        Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Full(input.Shape, 1, dtype ?? input.dtype, device, requires_grad, names);

    public static Tensor empty_like(
        Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Empty(input.Shape, dtype ?? input.dtype, device, requires_grad, names);

    public static Tensor full_like(
        Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        Factories.Full(input.Shape, value, dtype ?? input.dtype, device, requires_grad, names);

    public static Tensor randn_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        input.randn_like(dtype, device, requires_grad);

    public partial class Tensor
    {
        public Tensor zeros_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Factories.Full(Shape, 0, dtype ?? this.dtype, device, requires_grad, null);

        public Tensor ones_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Factories.Full(Shape, 1, dtype ?? this.dtype, device, requires_grad, null);

        public Tensor empty_like(ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Factories.Empty(Shape, dtype ?? this.dtype, device, requires_grad, null);

        public Tensor full_like(Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Factories.Full(Shape, value, dtype ?? this.dtype, device, requires_grad, null);

        public Tensor new_zeros(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Factories.Full(size, 0, dtype ?? this.dtype, device, requires_grad, null);

        public Tensor new_full(long[] size, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Factories.Full(size, value, dtype ?? this.dtype, device, requires_grad, null);

        public Tensor new_empty(long[] size, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
            Factories.Empty(size, dtype ?? this.dtype, device, requires_grad, null);
    }
}

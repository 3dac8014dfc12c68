using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The four operations, between tensors and with numbers, in any type.</summary>
internal static class Arithmetic
{
    /// <summary>a + alpha b; other types than float32 come here only with an alpha of 1 or -1.</summary>
    public static Tensor Add(Tensor a, Tensor b, double alpha, string name)
    {
        var dtype = Dtypes.Promote(a, b);
        if (dtype != ScalarType.Float32)
            return alpha == 1 ? Numbers.Binary<AddNumbers>(a, b, dtype, name) : Numbers.Binary<SubtractNumbers>(a, b, dtype, name);

        var (x, y) = (Pointwise.Float(a, name), Pointwise.Float(b, name));
        var result = alpha switch
        {
            1 => Pointwise.Binary(x, y, default(AddOp), name),
            -1 => Pointwise.Binary(x, y, default(SubtractOp), name),
            _ => Pointwise.Binary(x, y, new AddScaledOp((float)alpha), name),
        };
        return GradMode.Records(x, y) ? result.From(new AddNode(x, y, alpha)) : result;
    }

    /// <summary>a + alpha b in the type of a + b, which alpha has to suit.</summary>
    public static Tensor Add(Tensor a, Tensor b, Scalar alpha, string name)
    {
        var dtype = Dtypes.Promote(a, b);
        if (dtype == ScalarType.Float32)
            return Add(a, b, alpha.Double, name);
        if (alpha.IsFloat && is_integral(dtype))
            TorchErrors.Throw($"{name} needs an integer for alpha where the tensors are integers, not {alpha.Double}.");
        using var factor = Numbers.Of(alpha, dtype);
        using var scaled = Numbers.Binary<MultiplyNumbers>(b, factor, dtype, name);
        return Numbers.Binary<AddNumbers>(a, scaled, dtype, name);
    }

    public static Tensor AddInPlace(Tensor a, Tensor b, Scalar alpha, string name)
    {
        if (a.IsFloat)
            return AddInPlace(a, b, alpha.Double, name);
        CheckTarget(a, b, name);
        using var sum = Add(a, b, alpha, name);
        return Numbers.WriteBack(a, sum, name);
    }

    public static Tensor AddInPlace(Tensor a, Tensor b, double alpha, string name)
    {
        CheckTarget(a, b, name);
        if (!a.IsFloat)
        {
            using var sum = Add(a, b, alpha, name);
            return Numbers.WriteBack(a, sum, name);
        }

        var y = Pointwise.Float(b, name);
        var records = a.BeginWrite(y);
        if (alpha == 1)
            Pointwise.Write(a, y, default(AddOp));
        else if (alpha == -1)
            Pointwise.Write(a, y, default(SubtractOp));
        else
            Pointwise.Write(a, y, new AddScaledOp((float)alpha));
        return records ? a.Continue(new AddNode(a, y, alpha)) : a;
    }

    public static Tensor Multiply(Tensor a, Tensor b, string name)
    {
        var dtype = Dtypes.Promote(a, b);
        if (dtype != ScalarType.Float32)
            return Numbers.Binary<MultiplyNumbers>(a, b, dtype, name);
        var (x, y) = (Pointwise.Float(a, name), Pointwise.Float(b, name));
        var result = Pointwise.Binary(x, y, default(MultiplyOp), name);
        return GradMode.Records(x, y) ? result.From(new MultiplyNode(x, y)) : result;
    }

    public static Tensor MultiplyInPlace(Tensor a, Tensor b, string name)
    {
        CheckTarget(a, b, name);
        if (!a.IsFloat)
            return Numbers.Write<MultiplyNumbers>(a, b, Dtypes.Promote(a, b), name);
        var y = Pointwise.Float(b, name);
        var records = a.BeginWrite(y);
        using var before = records && y.requires_grad ? Copies.ToDense(a) : null;
        // Made before the write, so that backward notices that the write has changed b where it is a's own memory.
        var node = records ? new MultiplyNode(a, y, before ?? a) : null;
        Pointwise.Write(a, y, default(MultiplyOp));
        return node is null ? a : a.Continue(node);
    }

    public static Tensor Divide(Tensor a, Tensor b, string name)
    {
        var dtype = Dtypes.Promote(a, b);
        if (dtype == ScalarType.Float64)
            return Numbers.Binary<DivideNumbers>(a, b, dtype, name);
        var (x, y) = (Pointwise.Float(a, name), Pointwise.Float(b, name));
        var result = Pointwise.Binary(x, y, default(DivideOp), name);
        return GradMode.Records(x, y) ? result.From(new DivideNode(x, y, x)) : result;
    }

    public static Tensor DivideInPlace(Tensor a, Tensor b, string name)
    {
        CheckTarget(a, b, name);
        if (a.dtype == ScalarType.Float64)
            return Numbers.Write<DivideNumbers>(a, b, a.dtype, name);
        if (!a.IsFloat)
            TorchErrors.Throw($"{name} can't put its Float32 result into a tensor of type {a.dtype}.");
        var y = Pointwise.Float(b, name);
        var records = a.BeginWrite(y);
        using var before = records && y.requires_grad ? Copies.ToDense(a) : null;
        // Made before the write, so that backward notices that the write has changed b where it is a's own memory.
        var node = records ? new DivideNode(a, y, before ?? a) : null;
        Pointwise.Write(a, y, default(DivideOp));
        return node is null ? a : a.Continue(node);
    }

    public static Tensor Add(Tensor a, Scalar b)
    {
        var dtype = Dtypes.Promote(a.dtype, b);
        if (dtype == ScalarType.Float32)
            return Add(a, b.Double);
        using var scalar = Numbers.Of(b, a.dtype);
        return Numbers.Binary<AddNumbers>(a, scalar, dtype, "add");
    }

    public static Tensor Add(Tensor a, double b)
    {
        if (a.dtype == ScalarType.Float64)
            return Add(a, Numbers.Of(b, a.dtype), 1, "add");
        var x = Pointwise.Float(a, "add");
        var result = Pointwise.WithScalar(x, (float)b, default(AddOp));
        return GradMode.Records(x) ? result.From(new ScaleNode(x, 1)) : result;
    }

    public static Tensor Multiply(Tensor a, Scalar b)
    {
        var dtype = Dtypes.Promote(a.dtype, b);
        if (dtype == ScalarType.Float32)
            return Multiply(a, b.Double);
        using var scalar = Numbers.Of(b, a.dtype);
        return Numbers.Binary<MultiplyNumbers>(a, scalar, dtype, "mul");
    }

    public static Tensor Multiply(Tensor a, double b)
    {
        if (a.dtype == ScalarType.Float64)
            return Multiply(a, Numbers.Of(b, a.dtype), "mul");
        var x = Pointwise.Float(a, "mul");
        var result = Pointwise.WithScalar(x, (float)b, default(MultiplyOp));
        return GradMode.Records(x) ? result.From(new ScaleNode(x, b)) : result;
    }

    public static Tensor AddInPlace(Tensor a, Scalar b)
    {
        if (!a.IsFloat)
        {
            using var scalar = Numbers.Of(b, a.dtype);
            return AddInPlace(a, scalar, 1, "add_");
        }

        var records = a.BeginWrite();
        Pointwise.Write(a, new AffineOp(1, (float)b.Double));
        return records ? a.Continue(new ScaleNode(a, 1)) : a;
    }

    public static Tensor MultiplyInPlace(Tensor a, Scalar b)
    {
        if (!a.IsFloat)
        {
            using var scalar = Numbers.Of(b, a.dtype);
            return MultiplyInPlace(a, scalar, "mul_");
        }

        var records = a.BeginWrite();
        Pointwise.Write(a, new AffineOp((float)b.Double, -0f));
        return records ? a.Continue(new ScaleNode(a, b.Double)) : a;
    }

    /// <summary>b - a.</summary>
    public static Tensor Reverse(Tensor a, double b)
    {
        var result = Pointwise.Map(a, new AffineOp(-1, (float)b));
        return GradMode.Records(a) ? result.From(new ScaleNode(a, -1)) : result;
    }

    public static Tensor Negate(Tensor a)
    {
        if (a.dtype != ScalarType.Float32)
            return Multiply(a, (Scalar)(-1L));
        var result = Pointwise.Map(a, default(NegateOp));
        return GradMode.Records(a) ? result.From(new ScaleNode(a, -1)) : result;
    }

    public static Tensor Extreme<TOp, TNumbers>(Tensor a, Tensor b, TOp op, bool largest, string name)
        where TOp : struct, IBinary
        where TNumbers : INumbers
    {
        var dtype = Dtypes.Promote(a, b);
        if (dtype != ScalarType.Float32)
            return Numbers.Binary<TNumbers>(a, b, dtype, name);
        var (x, y) = (Pointwise.Float(a, name), Pointwise.Float(b, name));
        var result = Pointwise.Binary(x, y, op, name);
        return GradMode.Records(x, y) ? result.From(new ExtremeNode(x, y, largest)) : result;
    }

    /// <summary>The result of an operation in place must fit what is there.</summary>
    private static void CheckTarget(Tensor a, Tensor b, string name)
    {
        if (!Shapes.Same(a.Shape, b.Shape) && !Shapes.Same(Broadcast.Shape(a.Shape, b.Shape, name), a.Shape))
        {
            TorchErrors.Throw(
                $"{name} can't stretch a tensor of shape {TorchErrors.Text(a.Shape)} to the shape {TorchErrors.Text(b.Shape)} " +
                "of its operand.");
        }

        if (Dtypes.Promote(a, b) is var dtype && is_floating_point(dtype) && !is_floating_point(a.dtype))
            TorchErrors.Throw($"{name} can't put its {dtype} result into a tensor of type {a.dtype}.");
    }
}

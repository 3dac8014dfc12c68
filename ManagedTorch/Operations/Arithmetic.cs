using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The four operations, between tensors and with numbers, of Float32 and, but for quotients, of Int64.</summary>
internal static class Arithmetic
{
    public static Tensor Add(Tensor a, Tensor b)
    {
        if (Dtypes.Promote(a, b) != ScalarType.Float32)
            return Numbers.Binary<AddNumbers>(a, b, "add");
        var (x, y) = (Pointwise.Float(a), Pointwise.Float(b));
        var result = Pointwise.Binary(x, y, default(AddOp), "add");
        return GradMode.Records(x, y) ? result.From(new AddNode(x, y, 1)) : result;
    }

    public static Tensor Subtract(Tensor a, Tensor b)
    {
        if (Dtypes.Promote(a, b) != ScalarType.Float32)
            return Numbers.Binary<SubtractNumbers>(a, b, "sub");
        var (x, y) = (Pointwise.Float(a), Pointwise.Float(b));
        var result = Pointwise.Binary(x, y, default(SubtractOp), "sub");
        return GradMode.Records(x, y) ? result.From(new AddNode(x, y, -1)) : result;
    }

    public static Tensor AddInPlace(Tensor a, Tensor b)
    {
        CheckTarget(a, b, "add_");
        if (!a.IsFloat)
        {
            using var sum = Add(a, b);
            return Numbers.WriteBack(a, sum, "add_");
        }

        var y = Pointwise.Float(b);
        var records = a.BeginWrite(y);
        Pointwise.Write(a, y, default(AddOp));
        return records ? a.Continue(new AddNode(a, y, 1)) : a;
    }

    public static Tensor SubtractInPlace(Tensor a, Tensor b)
    {
        CheckTarget(a, b, "sub_");
        if (!a.IsFloat)
        {
            using var difference = Subtract(a, b);
            return Numbers.WriteBack(a, difference, "sub_");
        }

        var y = Pointwise.Float(b);
        var records = a.BeginWrite(y);
        Pointwise.Write(a, y, default(SubtractOp));
        return records ? a.Continue(new AddNode(a, y, -1)) : a;
    }

    public static Tensor Multiply(Tensor a, Tensor b)
    {
        if (Dtypes.Promote(a, b) != ScalarType.Float32)
            return Numbers.Binary<MultiplyNumbers>(a, b, "mul");
        var (x, y) = (Pointwise.Float(a), Pointwise.Float(b));
        var result = Pointwise.Binary(x, y, default(MultiplyOp), "mul");
        return GradMode.Records(x, y) ? result.From(new MultiplyNode(x, y)) : result;
    }

    public static Tensor Divide(Tensor a, Tensor b)
    {
        var (x, y) = (Pointwise.Float(a), Pointwise.Float(b));
        var result = Pointwise.Binary(x, y, default(DivideOp), "div");
        return GradMode.Records(x, y) ? result.From(new DivideNode(x, y)) : result;
    }

    public static Tensor Add(Tensor a, Scalar b)
    {
        if (Dtypes.Promote(a.dtype, b.Type) == ScalarType.Float32)
            return Add(a, b.Double);
        using var scalar = Numbers.Of(b);
        return Add(a, scalar);
    }

    public static Tensor Add(Tensor a, double b)
    {
        var x = Pointwise.Float(a);
        var result = Pointwise.WithScalar(x, (float)b, default(AddOp));
        return GradMode.Records(x) ? result.From(new ScaleNode(x, 1)) : result;
    }

    public static Tensor Multiply(Tensor a, Scalar b)
    {
        if (Dtypes.Promote(a.dtype, b.Type) == ScalarType.Float32)
            return Multiply(a, b.Double);
        using var scalar = Numbers.Of(b);
        return Multiply(a, scalar);
    }

    public static Tensor Multiply(Tensor a, double b)
    {
        var x = Pointwise.Float(a);
        var result = Pointwise.WithScalar(x, (float)b, default(MultiplyOp));
        return GradMode.Records(x) ? result.From(new ScaleNode(x, b)) : result;
    }

    public static Tensor Divide(Tensor a, double b)
    {
        var x = Pointwise.Float(a);
        var result = Pointwise.WithScalar(x, (float)b, default(DivideOp));
        return GradMode.Records(x) ? result.From(new ScaleNode(x, 1 / b)) : result;
    }

    public static Tensor AddInPlace(Tensor a, Scalar b)
    {
        if (!a.IsFloat)
        {
            using var scalar = Numbers.Of(b);
            return AddInPlace(a, scalar);
        }

        var records = a.BeginWrite();
        Pointwise.Write(a, new AffineOp(1, (float)b.Double));
        return records ? a.Continue(new ScaleNode(a, 1)) : a;
    }

    public static Tensor MultiplyInPlace(Tensor a, Scalar b)
    {
        if (!a.IsFloat)
            throw TorchErrors.Dtype("mul_", a.dtype);
        var records = a.BeginWrite();
        Pointwise.Write(a, new AffineOp((float)b.Double, -0f));
        return records ? a.Continue(new ScaleNode(a, b.Double)) : a;
    }

    /// <summary>b - a.</summary>
    public static Tensor Reverse(Tensor a, int b)
    {
        if (!a.IsFloat)
        {
            using var negative = Negate(a);
            return Add(negative, (Scalar)b);
        }

        var result = Pointwise.Map(a, new AffineOp(-1, b));
        return GradMode.Records(a) ? result.From(new ScaleNode(a, -1)) : result;
    }

    public static Tensor Negate(Tensor a)
    {
        if (!a.IsFloat)
            return Multiply(a, (Scalar)(-1L));
        var result = Pointwise.Map(a, default(NegateOp));
        return GradMode.Records(a) ? result.From(new ScaleNode(a, -1)) : result;
    }

    /// <summary>The result of an operation in place must fit what is there.</summary>
    private static void CheckTarget(Tensor a, Tensor b, string name)
    {
        if (!Shapes.Same(a.Shape, b.Shape) && !Shapes.Same(Broadcast.Shape(a.Shape, b.Shape, name), a.Shape))
        {
            TorchErrors.Throw(
                $"{name} can't stretch a tensor of shape {TorchErrors.Text(a.Shape)} to the shape {TorchErrors.Text(b.Shape)} "
                    + "of its operand."
            );
        }

        if (b.IsFloat && !a.IsFloat)
            TorchErrors.Throw($"{name} can't put its {b.dtype} result into a tensor of type {a.dtype}.");
    }
}

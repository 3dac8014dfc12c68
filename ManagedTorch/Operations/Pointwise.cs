using TorchSharp.Autograd;
using TorchSharp.Kernels;
using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Element-wise operations on float32 tensors: the kernel for the layout, and the node for the graph.</summary>
internal static unsafe class Pointwise
{
    /// <summary>y = f(x); the gradient is g(dy, x), or g(dy, y) when it is from the output.</summary>
    public static Tensor Unary<TOp, TBackward>(Tensor x, TOp op, TBackward backward, bool fromOutput)
        where TOp : struct, IUnary
        where TBackward : struct, IBinary
    {
        var input = Float(x);
        var y = Tensor.New(input.Shape);
        using (var dense = input.Dense())
            Elementwise.Unary(input.Count, dense.Float, y.Float, op);
        return GradMode.Records(input) ? y.From(new UnaryNode<TBackward>(input, fromOutput ? y : input, backward)) : y;
    }

    /// <summary>y = f(a, b) without a node.</summary>
    public static Tensor Binary<TOp>(Tensor a, Tensor b, TOp op, string name)
        where TOp : struct, IBinary
    {
        var shape = Broadcast.Shape(a.Shape, b.Shape, name);
        var y = Tensor.New(shape);
        Binary(a, b, y, op);
        return y;
    }

    /// <summary>y = f(a, b) into a dense y of the shape that a and b broadcast to; y may be a, or b where it isn't stretched.</summary>
    public static void Binary<TOp>(Tensor a, Tensor b, Tensor y, TOp op)
        where TOp : struct, IBinary
    {
        if (y.Count == 0)
            return;
        // One element shown everywhere, as the gradient of a sum is, is a number.
        if (b.IsUniform && a.Count == y.Count)
        {
            using var one = a.Dense();
            Elementwise.BinaryScalar(y.Count, one.Float, *b.Float, y.Float, op);
            return;
        }

        if (a.IsUniform && b.Count == y.Count)
        {
            using var other = b.Dense();
            Elementwise.BinaryScalar(y.Count, other.Float, *a.Float, y.Float, new Swapped<TOp>(op));
            return;
        }

        using var left = a.Dense();
        using var right = b.Dense();
        if (Shapes.Same(a.Shape, b.Shape))
            Elementwise.Binary(y.Count, left.Float, right.Float, y.Float, op);
        else if (a.Count == y.Count && IsRow(b.Shape, y.Shape))
            Elementwise.BinaryRow(y.Count / b.Count, b.Count, left.Float, right.Float, y.Float, op);
        else if (b.Count == y.Count && IsRow(a.Shape, y.Shape))
            Elementwise.BinaryRow(y.Count / a.Count, a.Count, right.Float, left.Float, y.Float, new Swapped<TOp>(op));
        else if (a.Count == y.Count && IsColumn(b.Shape, y.Shape, out var width))
            Elementwise.BinaryColumn(y.Count / width, width, left.Float, b.Count, right.Float, y.Float, op);
        else if (b.Count == y.Count && IsColumn(a.Shape, y.Shape, out width))
            Elementwise.BinaryColumn(y.Count / width, width, right.Float, a.Count, left.Float, y.Float, new Swapped<TOp>(op));
        else
            Spelled(a, b, y, op);
    }

    /// <summary>y = f(a, b) with a number for b.</summary>
    public static Tensor WithScalar<TOp>(Tensor a, float b, TOp op)
        where TOp : struct, IBinary
    {
        var y = Tensor.New(a.Shape);
        using var dense = a.Dense();
        Elementwise.BinaryScalar(a.Count, dense.Float, b, y.Float, op);
        return y;
    }

    public static Tensor Map<TOp>(Tensor x, TOp op)
        where TOp : struct, IUnary
    {
        var y = Tensor.New(x.Shape);
        using var dense = x.Dense();
        Elementwise.Unary(x.Count, dense.Float, y.Float, op);
        return y;
    }

    /// <summary>The elements of any tensor of floats, however they lie, become f(x).</summary>
    public static void Write<TOp>(Tensor x, TOp op)
        where TOp : struct, IUnary
    {
        if (x.IsDense)
        {
            Elementwise.Unary(x.Count, x.Float, x.Float, op);
        }
        else
        {
            using var y = Map(x, op);
            Copies.Into(x, y);
        }

        x.Written();
    }

    /// <summary>a = f(a, b), however a lies.</summary>
    public static void Write<TOp>(Tensor a, Tensor b, TOp op)
        where TOp : struct, IBinary
    {
        if (a.IsDense && !(ReferenceEquals(a.Storage, b.Storage) && !(b.IsDense && b.Offset == a.Offset && b.Count == a.Count)))
        {
            Binary(a, b, a, op);
        }
        else
        {
            using var y = Tensor.New(a.Shape);
            Binary(a, b, y, op);
            Copies.Into(a, y);
        }

        a.Written();
    }

    /// <summary>The tensor itself when it is Float32; others become it.</summary>
    public static Tensor Float(Tensor x) => x.IsFloat ? x : Copies.Convert(x, ScalarType.Float32);

    private static void Spelled<TOp>(Tensor a, Tensor b, Tensor y, TOp op)
        where TOp : struct, IBinary
    {
        using var left = Copies.Expanded(a, y.Shape);
        using var right = Copies.Expanded(b, y.Shape);
        Elementwise.Binary(y.Count, left.Float, right.Float, y.Float, op);
    }

    /// <summary>All of the shape's end, repeated: a bias.</summary>
    private static bool IsRow(long[] row, long[] shape)
    {
        var first = 0;
        while (first < row.Length && row[first] == 1)
            first++;
        return row.AsSpan(first).SequenceEqual(shape.AsSpan(shape.Length - (row.Length - first)));
    }

    /// <summary>
    /// A stretch of the shape, each element repeated width times and all of it as often as it takes: a value a row, or a channel.
    /// </summary>
    private static bool IsColumn(long[] column, long[] shape, out long width)
    {
        var (first, last, offset) = (0, column.Length, shape.Length - column.Length);
        while (last > 0 && column[last - 1] == 1)
            last--;
        while (first < last && column[first] == 1)
            first++;
        width = 1;
        for (var i = offset + last; i < shape.Length; i++)
            width *= shape[i];
        return column.AsSpan(first, last - first).SequenceEqual(shape.AsSpan(offset + first, last - first));
    }

    internal sealed class UnaryNode<TBackward> : Node
        where TBackward : struct, IBinary
    {
        private readonly TBackward _backward;
        private Saved _saved;

        public UnaryNode(Tensor input, Tensor saved, TBackward backward)
            : base(input)
        {
            _backward = backward;
            _saved = Save(saved);
        }

        protected override void Backward(Tensor grad) => Give(0, Binary(grad, Load(ref _saved), _backward, "backward"));

        protected override void Release() => _saved.Release();
    }
}

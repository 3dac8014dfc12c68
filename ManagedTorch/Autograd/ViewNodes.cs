using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>The elements in the same order in another shape: reshape, unsqueeze, flatten, clone.</summary>
internal sealed class ReshapeNode(Tensor x) : Node(x)
{
    private readonly long[] _shape = x.Shape;

    protected override void Backward(Tensor grad) =>
        Give(0, Shapes.Same(grad.Shape, _shape) ? grad : Views.Reshaped(grad, _shape) ?? Views.Reshaped(Copies.ToDense(grad), _shape)!);
}

/// <summary>A matrix with its rows and columns exchanged.</summary>
internal sealed class TransposeNode(Tensor x) : Node(x)
{
    protected override void Backward(Tensor grad) => Give(0, Views.Permuted(grad, [1, 0]));
}

internal sealed class ExpandNode(Tensor x) : Node(x)
{
    private readonly long[] _shape = x.Shape;

    protected override void Backward(Tensor grad) => Give(0, SumTo(grad, _shape));
}

/// <summary>Some of the elements along one dimension: narrow, and select, which also drops it.</summary>
internal sealed class SliceNode(Tensor x, int dim, long start, long length, bool drops = false) : Node(x)
{
    private readonly long[] _shape = x.Shape;

    protected override void Backward(Tensor grad)
    {
        var result = zeros(_shape);
        var part = drops ? Views.Selected(result, dim, start) : Views.Sliced(result, dim, start, length);
        Copies.Into(part, grad);
        Give(0, result);
    }
}

internal sealed class FlipNode(Tensor x, long[] dims) : Node(x)
{
    protected override void Backward(Tensor grad) => Give(0, grad.flip(dims));
}

/// <summary>
/// All elements overwritten: nothing goes back to what was there, and the source, when it is a tensor, gets the gradient.
/// </summary>
internal sealed class CopyNode(Tensor? source) : Node(source)
{
    private readonly long[] _shape = source?.Shape ?? Shapes.Scalar;

    protected override void Backward(Tensor grad)
    {
        if (Needs(0))
            Give(0, SumTo(grad, _shape));
    }
}

using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>scale times a sum.</summary>
internal sealed class SumNode(Tensor x, ReadOnlySpan<bool> reduced, double scale) : Node(x)
{
    private readonly long[] _shape = x.Shape;
    private readonly bool[] _reduced = reduced.ToArray();

    protected override void Backward(Tensor grad) => Give(0, Reductions.Stretched(Scaled(grad, scale), _shape, _reduced));
}

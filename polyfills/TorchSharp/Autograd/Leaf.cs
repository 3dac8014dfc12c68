using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>Where a tensor that the user made keeps its gradient.</summary>
internal sealed class Leaf : Node
{
    private bool _enabled = true;

    public override bool Enabled => _enabled;

    public void Enable(bool enabled) => _enabled = enabled;

    /// <summary>Adds to the gradient; takes the tensor over.</summary>
    public void Accumulate(Tensor grad)
    {
        if (Grad is null)
            Grad = Engine.Dense(grad);
        else
            Grad = Engine.Add(Grad, grad);
    }

    protected override void Backward(Tensor grad) => throw new InvalidOperationException("A leaf has nothing before it.");
}

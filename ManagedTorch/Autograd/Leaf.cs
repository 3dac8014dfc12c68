using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>Where a tensor that the user made keeps its gradient.</summary>
internal sealed class Leaf : Node
{
    private bool _enabled = true;
    private Tensor? _grad;
    private bool _cleared;

    public override bool Enabled => _enabled;

    public Tensor? Grad
    {
        get
        {
            if (_cleared)
                _grad!.Fill(0);
            _cleared = false;
            return _grad;
        }
        private set
        {
            _grad = value;
            _cleared = false;
        }
    }

    public void Enable(bool enabled) => _enabled = enabled;

    /// <summary>
    /// Makes the gradient zero: at once when others see its memory, otherwise when it is looked at, which seldom is before the next pass.
    /// </summary>
    public void ClearGrad()
    {
        if (_grad is null)
            return;
        _cleared = _grad.Storage.IsExclusive;
        if (!_cleared)
            _grad.Fill(0);
    }

    public void DropGrad()
    {
        _grad?.Dispose();
        Grad = null;
    }

    /// <summary>Puts a gradient in the place of the former one; takes the tensor over.</summary>
    public void Replace(Tensor? grad)
    {
        DropGrad();
        Grad = grad;
    }

    /// <summary>Adds to the gradient; takes the tensor over.</summary>
    public void Accumulate(Tensor grad)
    {
        if (_cleared)
            DropGrad();

        if (_grad is null)
        {
            Grad = Engine.Dense(grad);
            return;
        }

        // In place, even where the user holds it: .grad is one tensor for good.
        _grad.add_(grad);
        grad.Dispose();
    }

    protected override void Backward(Tensor grad) => throw new InvalidOperationException("A leaf has nothing before it.");
}

using static TorchSharp.torch;

namespace TorchSharp.Autograd;

/// <summary>Where a tensor that the user made keeps its gradient.</summary>
internal sealed class Leaf : Node
{
    private bool _enabled = true;
    private Tensor? _grad;
    private bool _given;
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
            _given = _cleared = false;
        }
    }

    /// <summary>Where the first gradient of a pass may be written to at once, because one was given and cleared; otherwise null.</summary>
    public Tensor? Place => _given && _cleared && _grad!.IsDense ? _grad : null;

    public void Enable(bool enabled) => _enabled = enabled;

    /// <summary>
    /// Makes the gradient zero: at once when others see its memory, otherwise when it is looked at, which seldom is before the next pass.
    /// Memory that was given for the gradient keeps what it has until then.
    /// </summary>
    public void ClearGrad()
    {
        if (_grad is null)
            return;
        _cleared = _given || _grad.Storage.IsExclusive;
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
        _given = grad is not null;
    }

    /// <summary>Adds to the gradient; takes the tensor over.</summary>
    public unsafe void Accumulate(Tensor grad)
    {
        if (_cleared && _given)
        {
            if (grad.Float == _grad!.Float)
                _grad.Written();
            else
                _grad.copy_(grad);
            _cleared = false;
            grad.Dispose();
            return;
        }

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

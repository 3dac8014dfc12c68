using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>The scopes that are open in a thread.</summary>
internal sealed class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? _ofThisThread;

    // Scopes come and go every training step; their arrays stay.
    private readonly Stack<Tensor?[]> _arrays = new();

    public static DisposeScopeManager OfThisThread => _ofThisThread ??= new DisposeScopeManager();

    public DisposeScope? Current { get; private set; }

    public DisposeScope Open() => Current = new DisposeScope(this);

    public void Close(DisposeScope scope)
    {
        if (Current == scope)
        {
            Current = scope.Outer;
            return;
        }

        for (var inner = Current; inner is not null; inner = inner.Outer)
        {
            if (inner.Outer == scope)
            {
                inner.Outer = scope.Outer;
                return;
            }
        }
    }

    public Tensor?[] RentArray() => _arrays.TryPop(out var array) ? array : new Tensor?[64];

    public void ReturnArray(Tensor?[] array) => _arrays.Push(array);
}

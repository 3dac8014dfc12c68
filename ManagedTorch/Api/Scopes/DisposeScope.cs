using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Owns the tensors made while it is the thread's current scope and disposes them with itself.</summary>
public sealed class DisposeScope : IDisposable
{
    private DisposeScopeManager? _manager;
    private Tensor?[] _tensors;
    private int _count;

    internal DisposeScope(DisposeScopeManager manager)
    {
        _manager = manager;
        _tensors = manager.RentArray();
        Outer = manager.Current;
    }

    internal DisposeScope? Outer { get; set; }

    public void DisposeEverything()
    {
        while (_count > 0)
            _tensors[_count - 1]!.Dispose();
    }

    public void Dispose()
    {
        if (_manager is null)
            return;
        DisposeEverything();
        _manager.Close(this);
        _manager.ReturnArray(_tensors);
        _tensors = [];
        _manager = null;
    }

    internal void Add(Tensor tensor)
    {
        if (_count == _tensors.Length)
            Array.Resize(ref _tensors, 2 * _count);
        _tensors[_count] = tensor;
        tensor.OwningScope = this;
        tensor.PlaceInScope = _count++;
    }

    internal void Remove(Tensor tensor)
    {
        var last = _tensors[--_count]!;
        _tensors[tensor.PlaceInScope] = last;
        last.PlaceInScope = tensor.PlaceInScope;
        _tensors[_count] = null;
        tensor.OwningScope = null;
    }

    internal void MoveToOuter(Tensor tensor)
    {
        Remove(tensor);
        Outer?.Add(tensor);
    }
}

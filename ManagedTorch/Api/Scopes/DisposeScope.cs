using static TorchSharp.torch;

namespace TorchSharp;

/// <summary>Owns the tensors made while it is the thread's current scope and disposes them with itself.</summary>
public sealed class DisposeScope : IDisposable
{
    private DisposeScopeManager? _manager;
    private Tensor?[] _tensors;
    private int _count;

    internal DisposeScope(DisposeScopeManager manager, bool counts)
    {
        _manager = manager;
        _tensors = manager.RentArray();
        Counts = counts;
        Outer = manager.Current;
    }

    public IReadOnlyList<IDisposable> DisposablesView
    {
        get
        {
            CheckOpen();
            var copy = new IDisposable[_count];
            Array.Copy(_tensors, copy, _count);
            return copy;
        }
    }

    public int DisposablesCount
    {
        get
        {
            CheckOpen();
            return _count;
        }
    }

    internal DisposeScope? Outer { get; set; }

    /// <summary>False for the engine's own scopes, whose tensors no user made.</summary>
    internal bool Counts { get; }

    public T MoveToOuter<T>(T disposable)
        where T : IDisposable => MoveToOther(Outer, disposable);

    public (T1 first, T2 second) MoveToOuter<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable => (MoveToOuter(first), MoveToOuter(second));

    public (T1 first, T2 second, T3 third) MoveToOuter<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable => (MoveToOuter(first), MoveToOuter(second), MoveToOuter(third));

    public void MoveToOuter(params IDisposable[] disposables) => MoveToOther(Outer, disposables);

    public void MoveToOuter(IEnumerable<IDisposable> disposables) => MoveToOther(Outer, disposables);

    public T MoveToOther<T>(DisposeScope? scope, T disposable)
        where T : IDisposable
    {
        CheckOpen();
        if (scope is null)
            Detach(disposable);
        else if (disposable is Tensor tensor && tensor.OwningScope == this)
            scope.Take(tensor);
        return disposable;
    }

    public (T1 first, T2 second) MoveToOther<T1, T2>(DisposeScope? scope, T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable => (MoveToOther(scope, first), MoveToOther(scope, second));

    public (T1 first, T2 second, T3 third) MoveToOther<T1, T2, T3>(DisposeScope? scope, T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable => (MoveToOther(scope, first), MoveToOther(scope, second), MoveToOther(scope, third));

    public void MoveToOther(DisposeScope? scope, params IDisposable[] disposables) =>
        MoveToOther(scope, (IEnumerable<IDisposable>)disposables);

    public void MoveToOther(DisposeScope? scope, IEnumerable<IDisposable> disposables)
    {
        CheckOpen();
        foreach (var disposable in disposables)
            MoveToOther<IDisposable>(scope, disposable);
    }

    public T Detach<T>(T disposable)
        where T : IDisposable
    {
        CheckOpen();
        if (disposable is Tensor tensor && tensor.OwningScope == this)
        {
            _manager!.StatisticsInstance.TensorStatistics.DetachedFromScopeCount++;
            Remove(tensor);
        }

        return disposable;
    }

    public (T1 first, T2 second) Detach<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable => (Detach(first), Detach(second));

    public (T1 first, T2 second, T3 third) Detach<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable => (Detach(first), Detach(second), Detach(third));

    public void Detach(params IDisposable[] disposables) => Detach((IEnumerable<IDisposable>)disposables);

    public void Detach(IEnumerable<IDisposable> disposables)
    {
        CheckOpen();
        foreach (var disposable in disposables)
            Detach<IDisposable>(disposable);
    }

    public void Attach(IDisposable disposable)
    {
        CheckOpen();
        if (disposable is not Tensor tensor)
            throw new InvalidOperationException($"A dispose scope can only own tensors, not a {disposable.GetType().Name}.");
        if (tensor.OwningScope == this)
            return;
        Take(tensor);
        _manager!.StatisticsInstance.TensorStatistics.AttachedToScopeCount++;
    }

    public void Attach(params IDisposable[] disposables) => Attach((IEnumerable<IDisposable>)disposables);

    public IReadOnlyList<IDisposable> Attach(IEnumerable<IDisposable> disposables)
    {
        CheckOpen();
        var attached = new List<IDisposable>();
        foreach (var disposable in disposables)
        {
            Attach(disposable);
            attached.Add(disposable);
        }

        return attached;
    }

    public void DisposeEverything()
    {
        CheckOpen();
        while (_count > 0)
            _tensors[_count - 1]!.Dispose();
    }

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        CheckOpen();
        var keep = new HashSet<IDisposable>(inKeep, ReferenceEqualityComparer.Instance);
        for (var i = _count - 1; i >= 0; i--)
        {
            // Disposing swaps the last one, already looked at, into this place.
            if (!keep.Contains(_tensors[i]!))
                _tensors[i]!.Dispose();
        }
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public T DisposeEverythingBut<T>(T keep)
        where T : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[keep]);
        return keep;
    }

    public (T1 first, T2 second) DisposeEverythingBut<T1, T2>(T1 first, T2 second)
        where T1 : IDisposable
        where T2 : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[first, second]);
        return (first, second);
    }

    public (T1 first, T2 second, T3 third) DisposeEverythingBut<T1, T2, T3>(T1 first, T2 second, T3 third)
        where T1 : IDisposable
        where T2 : IDisposable
        where T3 : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[first, second, third]);
        return (first, second, third);
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

    public void MarkAsDisposed(IDisposable disposable)
    {
        CheckOpen();
        if (disposable is Tensor tensor && tensor.OwningScope == this)
            Remove(tensor);
    }

    public bool Contains(IDisposable disposable) => disposable is Tensor tensor && tensor.OwningScope == this;

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

    private void Take(Tensor tensor)
    {
        CheckOpen();
        tensor.OwningScope?.Remove(tensor);
        Add(tensor);
    }

    private void CheckOpen() => ObjectDisposedException.ThrowIf(_manager is null, this);
}

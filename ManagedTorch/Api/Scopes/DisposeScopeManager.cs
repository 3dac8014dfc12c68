using static TorchSharp.torch;

namespace TorchSharp;

public class DisposeScopeManager
{
    [ThreadStatic]
    private static DisposeScopeManager? _ofThisThread;

    // Scopes come and go every training step; their arrays stay.
    private readonly Stack<Tensor?[]> _arrays = new();

    public static ThreadDisposeScopeStatistics Statistics => OfThisThread.StatisticsInstance;

    internal static DisposeScopeManager OfThisThread => _ofThisThread ??= new DisposeScopeManager();

    internal ThreadDisposeScopeStatistics StatisticsInstance { get; } = new();

    internal DisposeScope? Current { get; set; }

    internal DisposeScope Open(bool counts = true) => Current = new DisposeScope(this, counts);

    internal void Register(Tensor tensor)
    {
        var scope = Current;
        var statistics = StatisticsInstance.TensorStatistics;
        if (scope is null)
        {
            statistics.CreatedOutsideScopeCount++;
            return;
        }

        if (scope.Counts)
            statistics.CreatedInScopeCount++;
        scope.Add(tensor);
    }

    internal void Disposing(Tensor tensor)
    {
        if (tensor.OwningScope is not { } scope)
            StatisticsInstance.TensorStatistics.DisposedOutsideScopeCount++;
        else if (scope.Counts)
            StatisticsInstance.TensorStatistics.DisposedInScopeCount++;
    }

    internal void Close(DisposeScope scope)
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

    internal Tensor?[] RentArray() => _arrays.TryPop(out var array) ? array : new Tensor?[64];

    internal void ReturnArray(Tensor?[] array) => _arrays.Push(array);
}

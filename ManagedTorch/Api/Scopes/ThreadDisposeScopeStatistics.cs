namespace TorchSharp;

public class ThreadDisposeScopeStatistics
{
    public long CreatedOutsideScopeCount => TensorStatistics.CreatedOutsideScopeCount;

    public long DisposedOutsideScopeCount => TensorStatistics.DisposedOutsideScopeCount;

    public long CreatedInScopeCount => TensorStatistics.CreatedInScopeCount;

    public long DisposedInScopeCount => TensorStatistics.DisposedInScopeCount;

    public long AttachedToScopeCount => TensorStatistics.AttachedToScopeCount;

    public long DetachedFromScopeCount => TensorStatistics.DetachedFromScopeCount;

    public long ThreadTotalLiveCount => TensorStatistics.ThreadTotalLiveCount;

    public LifetimeStatistics TensorStatistics { get; } = new();

    public void Reset() => TensorStatistics.Reset();

    public override string ToString() => TensorStatistics.ToString();
}

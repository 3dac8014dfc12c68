using TorchSharp;
using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Tensors;

public class DisposeScopeTests
{
    [Fact]
    public void A_scope_disposes_what_was_made_in_it()
    {
        Tensor inside;
        using (NewDisposeScope())
        {
            inside = zeros(3) + 1;
            Assert.False(inside.IsInvalid);
        }

        Assert.True(inside.IsInvalid);
        Assert.Throws<InvalidOperationException>(() => inside.sum());
    }

    [Fact]
    public void What_is_moved_outside_lives_as_long_as_the_outer_scope()
    {
        Tensor kept;
        using (var outer = NewDisposeScope())
        {
            using (NewDisposeScope())
                kept = (zeros(3) + 1).MoveToOuterDisposeScope();
            Assert.Equal(3, kept.sum().item<float>());
            Assert.True(outer.Contains(kept));
        }

        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void What_is_detached_lives_on()
    {
        Tensor kept;
        using (NewDisposeScope())
            kept = (zeros(3) + 1).DetachFromDisposeScope();
        Assert.Equal(3, kept.sum().item<float>());
        kept.Dispose();
        Assert.True(kept.IsInvalid);
    }

    [Fact]
    public void A_scope_counts_and_forgets_what_is_disposed()
    {
        using var scope = NewDisposeScope();
        var x = zeros(3);
        var y = ones(3);
        Assert.Equal(2, scope.DisposablesCount);
        x.Dispose();
        x.Dispose();
        Assert.Equal(1, scope.DisposablesCount);
        Assert.False(scope.Contains(x));
        Assert.True(scope.Contains(y));
        Assert.Same(y, Assert.Single(scope.DisposablesView));
    }

    [Fact]
    public void Everything_but_what_is_kept_is_disposed()
    {
        using var scope = NewDisposeScope();
        var tensors = Enumerable.Range(0, 100).Select(i => full(2, (float)i)).ToArray();
        var (first, second) = scope.DisposeEverythingBut(tensors[10], tensors[99]);
        Assert.Equal([10f, 99], new[] { first[0].item<float>(), second[0].item<float>() });
        Assert.Equal(98, tensors.Count(t => t.IsInvalid));
        Assert.False(first.IsInvalid || second.IsInvalid);
    }

    [Fact]
    public void Scopes_belong_to_their_thread()
    {
        using var scope = NewDisposeScope();
        Tensor? other = null;
        var thread = new Thread(() => other = zeros(2));
        thread.Start();
        thread.Join();
        Assert.False(scope.Contains(other!));
        scope.DisposeEverything();
        Assert.False(other!.IsInvalid);
        other.Dispose();
    }

    [Fact]
    public void Statistics_count_what_is_made_and_disposed()
    {
        var statistics = DisposeScopeManager.Statistics.TensorStatistics;
        statistics.Reset();
        using (NewDisposeScope())
        {
            zeros(2);
            zeros(2).DetachFromDisposeScope().Dispose();
            zeros(2).Dispose();
        }

        Assert.Equal(3, statistics.CreatedInScopeCount);
        Assert.Equal(2, statistics.DisposedInScopeCount);
        Assert.Equal(1, statistics.DetachedFromScopeCount);
        Assert.Equal(1, statistics.DisposedOutsideScopeCount);
        Assert.Equal(0, statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void A_closed_scope_refuses_work()
    {
        var scope = NewDisposeScope();
        scope.Dispose();
        Assert.Throws<ObjectDisposedException>(() => scope.DisposablesCount);
        Assert.Throws<ObjectDisposedException>(() => scope.Attach(zeros(1)));
    }

    [Fact]
    public void A_backward_pass_leaves_only_gradients_behind()
    {
        using var scope = NewDisposeScope();
        var w = ones(3).requires_grad_();
        var before = scope.DisposablesCount;
        using (NewDisposeScope())
            (w * w).sum().exp().backward();
        Assert.Equal(before, scope.DisposablesCount);
        Assert.Equal(2 * Math.Exp(3), w.grad![0].item<float>(), 1e-3);
    }

    [Fact]
    public void A_gradient_survives_the_handles_on_it()
    {
        using var scope = NewDisposeScope();
        var w = ones(3).requires_grad_();
        (w * 2).sum().backward();
        using (NewDisposeScope())
            w.grad!.mul_(3);
        Assert.Equal([6f, 6, 6], w.grad!.data<float>().ToArray());
    }
}

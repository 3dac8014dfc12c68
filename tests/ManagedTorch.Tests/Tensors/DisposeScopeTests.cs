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
            inside = zeros(3) + 1.0;
            Assert.Equal(3, inside.sum().item<float>());
        }

        Assert.Throws<InvalidOperationException>(() => inside.sum());
    }

    [Fact]
    public void What_is_moved_outside_lives_as_long_as_the_outer_scope()
    {
        Tensor kept;
        using (var outer = NewDisposeScope())
        {
            using (NewDisposeScope())
                kept = (zeros(3) + 1.0).MoveToOuterDisposeScope();
            Assert.Equal(3, kept.sum().item<float>());
            Assert.Same(outer, kept.OwningScope);
        }

        Assert.Throws<InvalidOperationException>(() => kept.sum());
    }

    [Fact]
    public void What_is_detached_or_moved_out_of_the_last_scope_lives_on()
    {
        Tensor detached,
            moved;
        using (NewDisposeScope())
        {
            detached = (zeros(3) + 1.0).DetachFromDisposeScope();
            moved = (zeros(3) + 2.0).MoveToOuterDisposeScope();
        }

        Assert.Equal(3, detached.sum().item<float>());
        Assert.Equal(6, moved.sum().item<float>());
        detached.Dispose();
        moved.Dispose();
        moved.Dispose();
        Assert.Throws<InvalidOperationException>(() => moved.sum());
    }

    [Fact]
    public void A_scope_forgets_what_is_disposed()
    {
        using var scope = NewDisposeScope();
        var tensors = Enumerable.Range(0, 100).Select(i => full(1, 1, (float)i)).ToArray();
        foreach (var i in (int[])[0, 99, 50])
            tensors[i].Dispose();
        Assert.Equal(97, tensors.Count(t => t.OwningScope == scope));
        Assert.Equal(98, tensors[98].item<float>());
        scope.DisposeEverything();
        Assert.All(tensors, t => Assert.Throws<InvalidOperationException>(() => t.numel()));
    }

    [Fact]
    public void Scopes_belong_to_their_thread()
    {
        using var scope = NewDisposeScope();
        Tensor? other = null;
        var thread = new Thread(() => other = zeros(2));
        thread.Start();
        thread.Join();
        scope.DisposeEverything();
        Assert.Equal(2, other!.numel());
        other.Dispose();
    }

    [Fact]
    public void A_backward_pass_leaves_only_gradients_behind()
    {
        using var scope = NewDisposeScope();
        var w = ones(3).requires_grad_();
        using (NewDisposeScope())
            (w * w).sum().exp().backward();
        Assert.True(w.Storage.IsExclusive);
        Assert.Same(scope, DisposeScopeManager.OfThisThread.Current);
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

using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Tensors;

public class InPlaceTests
{
    [Fact]
    public void Backward_notices_that_a_saved_tensor_was_changed()
    {
        using var scope = NewDisposeScope();
        var w = tensor(new[] { 1f, 2 }).requires_grad_();
        var a = w.exp();
        var loss = (a * a).sum();
        using (no_grad())
            a.add_(1);
        var error = Assert.Throws<ExternalException>(() => loss.backward());
        Assert.Contains("[2]", error.Message);
    }

    [Fact]
    public void A_change_through_a_view_is_noticed_too()
    {
        using var scope = NewDisposeScope();
        var w = tensor(new[] { 1f, 2 }).requires_grad_();
        var x = tensor(new[] { 3f, 4 });
        var loss = (w * x).sum();
        x.narrow(0, 1, 1).fill_(0);
        Assert.Throws<ExternalException>(() => loss.backward());
    }

    [Fact]
    public void What_nothing_needs_may_be_changed()
    {
        using var scope = NewDisposeScope();
        var w = tensor(new[] { 1f, 2 }).requires_grad_();
        var y = (w + 1).add_(5).mul_(2);
        y.sum().backward();
        Assert.Equal([2f, 2], w.grad!.data<float>().ToArray());
    }

    [Fact]
    public void A_leaf_is_not_changed_while_gradients_are_recorded()
    {
        using var scope = NewDisposeScope();
        var w = ones(2).requires_grad_();
        Assert.Throws<ExternalException>(() => w.add_(1));
        Assert.Throws<ExternalException>(() => w.zero_());
        Assert.Throws<ExternalException>(() => w.copy_(zeros(2)));
        Assert.Equal([1f, 1], w.detach().data<float>().ToArray());
        using (no_grad())
            w.add_(1);
        Assert.Equal([2f, 2], w.detach().data<float>().ToArray());
    }

    [Fact]
    public void An_operation_in_place_becomes_the_tensors_history()
    {
        using var scope = NewDisposeScope();
        var w = tensor(new[] { 1f, 2 }).requires_grad_();
        var x = zeros(2);
        x.add_(w * 3);
        Assert.True(x.requires_grad);
        x.mul_(2);
        x.exp().sum().backward();
        Assert.Equal(6 * Math.Exp(6), w.grad![0].item<float>(), 0.1);
    }

    [Fact]
    public void Writing_into_a_tensor_cuts_what_was_there_off()
    {
        using var scope = NewDisposeScope();
        var w = tensor(new[] { 1f, 2 }).requires_grad_();
        var v = tensor(new[] { 1f, 2 }).requires_grad_();
        var x = w * 2;
        x.copy_(v * 5);
        x.sum().backward();
        Assert.Equal([5f, 5], v.grad!.data<float>().ToArray());
        Assert.Null(w.grad);
    }

    [Fact]
    public void Overlapping_memory_is_read_before_it_is_written()
    {
        using var scope = NewDisposeScope();
        var x = arange(6, dtype: float32).reshape(2, 3);
        var square = arange(9, dtype: float32).reshape(3, 3);
        square.copy_(square.t().clone());
        Assert.Equal([0f, 3, 6, 1, 4, 7, 2, 5, 8], square.data<float>().ToArray());
        x.add_(x);
        Assert.Equal([0f, 2, 4, 6, 8, 10], x.data<float>().ToArray());
    }

    [Fact]
    public void Rows_moved_within_a_tensor_are_read_before_they_are_written()
    {
        using var scope = NewDisposeScope();
        const int N = 300_000;
        var x = arange(N, dtype: float32);
        var expected = x.narrow(0, 0, N - 1).data<float>().ToArray();
        x.narrow(0, 1, N - 1).copy_(x.narrow(0, 0, N - 1));
        Assert.Equal(expected, x.narrow(0, 1, N - 1).data<float>().ToArray());
        x.narrow(0, 0, N - 1).copy_(x.narrow(0, 1, N - 1));
        Assert.Equal(expected, x.narrow(0, 0, N - 1).data<float>().ToArray());
    }

    [Fact]
    public void A_view_of_the_whole_is_changed_with_all_its_history()
    {
        using var scope = NewDisposeScope();
        var w = tensor(new[] { 1f, 2 }).requires_grad_();
        var x = w * 3;
        var view = x.alias().reshape(1, 2);
        view.mul_(2).add_(1);
        view.sum().backward();
        Assert.Equal([6f, 6], w.grad!.data<float>().ToArray());
        Assert.Throws<ExternalException>(() => w.alias().mul_(2));
        Assert.Throws<ExternalException>(() => x.sum());
    }

    [Fact]
    public void Strided_tensors_are_changed_in_place()
    {
        using var scope = NewDisposeScope();
        var x = zeros([2, 3]);
        x.t().add_(tensor(new[] { 1f, 2 }));
        x.narrow(1, 1, 1).mul_(10);
        x.select(0, 0).fill_(7);
        Assert.Equal([7f, 7, 7, 2, 20, 2], x.data<float>().ToArray());
    }

    [Fact]
    public void Results_that_do_not_fit_are_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ExternalException>(() => zeros(3).add_(zeros([2, 3])));
        Assert.Throws<ExternalException>(() => arange(3).add_(0.5));
        Assert.Throws<ExternalException>(() => arange(3).add_(ones(3)));
    }

    [Fact]
    public void A_leaf_can_be_moved_to_other_memory()
    {
        using var scope = NewDisposeScope();
        var w = tensor(new[] { 1f, 2, 3, 4 }).reshape(2, 2).requires_grad_();
        var before = w.square().sum();
        var memory = zeros(6);
        Assert.Throws<ExternalException>(() => w.set_(memory.narrow(0, 1, 4).reshape(2, 2)));
        using (no_grad())
        {
            Assert.Throws<ExternalException>(() => w.set_(zeros(4, ScalarType.Int64)));
            w.set_(memory.narrow(0, 1, 4).reshape(2, 2));
        }

        memory.fill_(5);
        Assert.Equal([5f, 5, 5, 5], w.detach().data<float>().ToArray());
        // What was recorded before knows the values of then.
        before.backward();
        Assert.Equal([2f, 4, 6, 8], w.grad!.data<float>().ToArray());
        w.square().sum().backward();
        Assert.Equal([12f, 14, 16, 18], w.grad!.data<float>().ToArray());
    }
}

using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Tensors;

public class AutogradTests
{
    [Fact]
    public void Gradients_add_up_until_they_are_cleared()
    {
        using var scope = NewDisposeScope();
        var w = tensor(new[] { 1f, 2 }).requires_grad_();
        (w * 3).sum().backward();
        (w * 4).sum().backward();
        Assert.Equal([7f, 7], w.grad!.data<float>().ToArray());
        Assert.Null(ones(1).requires_grad_().grad);
    }

    [Fact]
    public void Nothing_is_recorded_under_no_grad()
    {
        using var scope = NewDisposeScope();
        var w = ones(2).requires_grad_();
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            var y = w * 2;
            Assert.False(y.requires_grad);
            using (enable_grad())
                Assert.True((w * 2).requires_grad);
        }

        Assert.True(is_grad_enabled());
        Assert.True((w * 2).requires_grad);
    }

    [Fact]
    public void What_is_detached_passes_no_gradient()
    {
        using var scope = NewDisposeScope();
        var w = tensor(3f).requires_grad_();
        (w * w.detach()).backward();
        Assert.Equal(3, w.grad!.item<float>());
    }

    [Fact]
    public void A_graph_can_be_kept_for_a_second_pass_and_is_gone_otherwise()
    {
        using var scope = NewDisposeScope();
        var w = tensor(3f).requires_grad_();
        var y = w * w;
        Assert.Equal(6, autograd.grad([y], [w], retain_graph: true)[0].item<float>());
        y.backward();
        Assert.Equal(6, w.grad!.item<float>());
        var error = Assert.Throws<ExternalException>(() => y.backward());
        Assert.Contains("retain_graph", error.Message);
    }

    [Fact]
    public void Saved_tensors_outlive_the_handles_of_the_user()
    {
        using var scope = NewDisposeScope();
        var w = tensor(new[] { 1f, 2 }).requires_grad_();
        Tensor loss;
        using (NewDisposeScope())
        {
            var a = w.exp();
            var b = a * a;
            loss = b.sum().MoveToOuterDisposeScope();
        }

        var noise = Enumerable.Range(0, 20).Select(_ => full(1, 2, 99f)).ToArray();
        loss.backward();
        Assert.Equal(2 * Math.Exp(2), w.grad![0].item<float>(), 1e-4);
        Assert.Equal(2 * Math.Exp(4), w.grad![1].item<float>(), 1e-3);
        Assert.Equal(99, noise[0][0][0].item<float>());
    }

    [Fact]
    public void Gradients_with_respect_to_given_tensors_leave_grad_alone()
    {
        using var scope = NewDisposeScope();
        var a = tensor(2f).requires_grad_();
        var b = tensor(3f).requires_grad_();
        var h = a * b;
        var grads = autograd.grad([h * h], [a, h, b]);
        Assert.Equal([36f, 12, 24], grads.Select(g => g.item<float>()));
        Assert.Null(a.grad);
        Assert.Null(b.grad);
    }

    [Fact]
    public void An_input_that_was_not_used_is_an_error()
    {
        using var scope = NewDisposeScope();
        var a = tensor(2f).requires_grad_();
        var b = tensor(3f).requires_grad_();
        Assert.Throws<ExternalException>(() => autograd.grad([a * 2], [b]));
    }

    [Fact]
    public void Backward_needs_one_element_or_a_gradient()
    {
        using var scope = NewDisposeScope();
        var w = ones(2).requires_grad_();
        Assert.Throws<ExternalException>(() => (w * 2).backward());
        Assert.Throws<ExternalException>(() => ones(1).sum().backward());
    }

    [Fact]
    public void A_leaf_can_be_frozen_and_thawed()
    {
        using var scope = NewDisposeScope();
        var w = ones(2).requires_grad_();
        w.requires_grad_(false);
        Assert.False((w * 2).requires_grad);
        w.requires_grad_();
        (w * 2).sum().backward();
        Assert.Equal([2f, 2], w.grad!.data<float>().ToArray());
    }

    [Fact]
    public void A_long_chain_is_differentiated_and_released_without_a_deep_stack()
    {
        using var scope = NewDisposeScope();
        var w = tensor(1f).requires_grad_();
        var y = w * 1;
        for (var i = 0; i < 50_000; i++)
        {
            using var before = y;
            y = before + 0.0;
        }

        y.backward();
        Assert.Equal(1, w.grad!.item<float>());
        y.Dispose();
    }

    [Fact]
    public void Indexes_of_a_selection_pass_no_gradient_and_repeated_ones_add_up()
    {
        using var scope = NewDisposeScope();
        var w = tensor(new[] { 1f, 2, 3 }).requires_grad_();
        w.index_select(0, tensor(new long[] { 2, 2, 0 })).sum().backward();
        Assert.Equal([1f, 0, 2], w.grad!.data<float>().ToArray());
    }

    [Fact]
    public void A_given_gradient_is_written_where_it_lies()
    {
        using var scope = NewDisposeScope();
        using var layer = nn.Linear(3, 2);
        var (weight, bias) = (layer.weight!, layer.bias!);
        var unused = new Parameter(ones(2));
        var x = tensor(new[] { 1f, 2, 3, 4, 5, 6 }).reshape(2, 3);
        var memory = full(10, 1, 7f).reshape(10);
        weight.grad = memory.narrow(0, 0, 6).reshape(2, 3);
        bias.grad = memory.narrow(0, 6, 2);
        unused.grad = memory.narrow(0, 8, 2);
        using var optimizer = optim.SGD([weight, bias, unused], 0.1);
        for (var step = 0; step < 2; step++)
        {
            optimizer.zero_grad();
            layer.forward(x).sum().backward();
            Assert.Equal([0f, 0], unused.grad!.data<float>().ToArray());
            Assert.Equal([5f, 7, 9, 5, 7, 9, 2, 2, 0, 0], memory.data<float>().ToArray());
        }

        // Both uses of the weights, and what was not cleared, add up.
        optimizer.zero_grad();
        (layer.forward(x) + layer.forward(x)).sum().backward();
        layer.forward(x).sum().backward();
        Assert.Equal([15f, 21, 27, 15, 21, 27, 6, 6], memory.narrow(0, 0, 8).data<float>().ToArray());
        // Gradients that are returned are no business of it.
        optimizer.zero_grad();
        var returned = autograd.grad([layer.forward(x).sum()], [weight])[0];
        Assert.Equal([5f, 7, 9, 5, 7, 9], returned.data<float>().ToArray());
        Assert.Equal(0, weight.grad!.sum().item<float>());
    }

    [Fact]
    public void Zeroed_gradients_show_zeros_everywhere_and_start_anew()
    {
        using var scope = NewDisposeScope();
        var used = new Parameter(ones(2));
        var unused = new Parameter(ones(2));
        var optimizer = optim.SGD([used, unused], 0.1);
        ((used * 3).sum() + (unused * 2).sum()).backward();
        var held = used.grad!;
        optimizer.zero_grad();
        Assert.Equal([0f, 0], held.data<float>().ToArray());
        (used * 5).sum().backward();
        Assert.Equal([5f, 5], held.data<float>().ToArray());
        Assert.Equal([0f, 0], unused.grad!.data<float>().ToArray());

        held.Dispose();
        optimizer.zero_grad();
        (used * 7).sum().backward();
        (used * 1).sum().backward();
        Assert.Equal([8f, 8], used.grad!.data<float>().ToArray());
        optimizer.zero_grad();
        optimizer.step();
        Assert.Equal([1f, 1], used.detach().data<float>().ToArray());
    }
}

using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.NN;

/// <summary>Registration, names, state and modes of modules.</summary>
public class ModuleTests
{
    [Fact]
    public void Fields_are_registered_under_their_names_and_children_under_dotted_ones()
    {
        using var model = new Network();
        Assert.Equal(
            ["scale", "body.first.weight", "body.first.bias", "body.2.weight", "tail.0.weight", "tail.0.bias", "tail.1.weight",
                "tail.1.bias"],
            model.named_parameters().Select(p => p.name));
        Assert.Equal(["offset"], model.named_buffers().Select(b => b.name));
        Assert.Equal(["body", "tail"], model.named_children().Select(c => c.name));
        Assert.Equal(
            ["body", "tail", "body.first", "body.1", "body.2", "tail.0", "tail.1"], model.named_modules().Select(m => m.name));
        Assert.Equal(9, model.state_dict().Count);
        Assert.Same(model.get_parameter("tail.1.bias"), model.parameters().Last());
        Assert.True(model.has_buffer("offset"));
        Assert.False(model.has_parameter("tail.2.bias"));
        Assert.Equal("Network", model.GetName());
        Assert.Equal("Linear", nn.Linear(1, 1).GetName());
    }

    [Fact]
    public void A_parameter_used_twice_is_listed_once()
    {
        var shared = nn.Linear(2, 2);
        var model = nn.Sequential(("a", shared), ("b", shared));
        Assert.Equal(["a.weight", "a.bias"], model.named_parameters().Select(p => p.name));
    }

    [Fact]
    public void State_goes_from_one_model_to_another()
    {
        using var source = new Network();
        using var target = new Network();
        var (missing, unexpected) = target.load_state_dict(source.state_dict());
        Assert.Empty(missing.Concat(unexpected));
        foreach (var (key, value) in source.state_dict())
            Assert.Equal(value.data<float>().ToArray(), target.state_dict()[key].data<float>().ToArray());
        Assert.True(target.parameters().All(p => p.requires_grad && p.is_leaf));
    }

    [Fact]
    public void A_state_with_other_names_is_refused_unless_strict_is_off()
    {
        using var model = new Network();
        var state = model.state_dict().Where(e => e.Key != "scale").ToDictionary(e => e.Key, e => e.Value);
        state["other"] = ones(1);
        Assert.Throws<InvalidOperationException>(() => model.load_state_dict(state));
        var (missing, unexpected) = model.load_state_dict(state, strict: false);
        Assert.Equal(["scale"], missing);
        Assert.Equal(["other"], unexpected);
    }

    [Fact]
    public void Training_and_evaluation_reach_every_module()
    {
        using var model = new Network();
        Assert.True(model.training);
        model.eval();
        Assert.All(model.modules(), m => Assert.False(m.training));
        model.train();
        Assert.All(model.modules(), m => Assert.True(m.training));
    }

    [Fact]
    public void Dropout_and_identity_give_new_handles_that_Sequential_may_dispose()
    {
        var model = nn.Sequential(nn.Identity(), nn.Dropout(0.5), nn.Flatten(), nn.ReLU());
        model.eval();
        var x = tensor([-1f, 2f], [1L, 2L]);
        Assert.Equal([0, 2], model.call(x).data<float>().ToArray());
        Assert.Equal([-1, 2], x.data<float>().ToArray());
    }

    [Fact]
    public void Layers_that_work_in_place_follow_one_another()
    {
        using var scope = NewDisposeScope();
        var layer = nn.Linear(4, 8, hasBias: false);
        var model = nn.Sequential(
            layer, nn.Unflatten(1, [2, 4]), nn.Identity(), nn.Dropout(0.5, inplace: true), nn.Flatten(), nn.LeakyReLU(0.1, inplace: true));
        var y = model.call(ones(3, 4));
        y.sum().backward();
        // What was kept is doubled; what is negative passes a tenth.
        var slope = y.ne(0).to(float32) * where(y > 0, tensor(2f), tensor(0.2f));
        Assert.True(layer.weight.grad!.allclose(slope.t().matmul(ones(3, 4))));

        var overwritten = nn.Sequential(nn.Linear(4, 8), nn.ReLU(inplace: true), nn.Dropout(0.5, inplace: true));
        var lost = overwritten.call(ones(3, 4)).sum();
        Assert.Throws<ExternalException>(() => lost.backward());
    }

    [Fact]
    public void Gradients_are_dropped_or_set_to_zero()
    {
        using var model = new Network();
        model.call(ones(1, 3)).sum().backward();
        model.zero_grad(set_to_none: false);
        Assert.All(model.parameters().Select(p => p.grad!), g => Assert.Equal(0, g.abs().sum().item<float>()));
        model.zero_grad();
        Assert.All(model.parameters(), p => Assert.Null(p.grad));
    }

    [Fact]
    public void Apply_visits_children_before_their_parents()
    {
        using var model = new Network();
        var names = new List<string>();
        model.apply(m => names.Add(m.GetName()));
        Assert.Equal("Network", names[^1]);
        Assert.Equal(8, names.Count);
    }

    [Fact]
    public void Hooks_run_around_forward_until_they_are_removed()
    {
        var layer = nn.ReLU();
        var before = layer.register_forward_pre_hook((_, x) => x - 1);
        var after = layer.register_forward_hook((_, _, y) => y * 10);
        Assert.Equal(20, layer.call(tensor(3f)).item<float>());
        before.remove();
        after.remove();
        Assert.Equal(3, layer.call(tensor(3f)).item<float>());
    }

    [Fact]
    public void A_name_can_be_registered_once_and_a_module_has_no_dot_in_its_name()
    {
        using var model = new Network();
        Assert.Throws<InvalidOperationException>(() => model.register_buffer("offset", ones(1)));
        Assert.Throws<InvalidOperationException>(() => model.register_module("tail", nn.ReLU()));
        Assert.Throws<ArgumentException>(() => model.register_module("a.b", nn.ReLU()));
        Assert.Throws<InvalidOperationException>(() => nn.ReLU().register_buffer("x", ones(1)));
    }

    [Fact]
    public void Parameters_outlive_the_scope_that_they_were_made_in_and_go_with_their_module()
    {
        Linear layer;
        using (NewDisposeScope()) layer = nn.Linear(2, 2);
        var weight = layer.weight;
        Assert.False(weight.IsInvalid);
        layer.Dispose();
        Assert.True(weight.IsInvalid);
    }

    [Fact]
    public void Sequential_takes_slices_and_more_modules()
    {
        var model = nn.Sequential(nn.Linear(2, 3), nn.ReLU()).append(nn.Linear(3, 1)).append("last", nn.Sigmoid());
        Assert.Equal(4, model.Count);
        Assert.Equal(["0", "1", "2", "last"], model.named_children().Select(c => c.name));
        Assert.Equal(2, model[(0, 2)].Count);
        Assert.IsType<Sigmoid>(model[3]);
    }

    [Fact]
    public void Everything_after_a_module_list_was_registered_stays_in_the_list_only()
    {
        var list = nn.ModuleList(nn.Linear(1, 1), nn.Linear(1, 1));
        var model = new Holder(list);
        Assert.Equal(["list.0.weight", "list.0.bias", "list.1.weight", "list.1.bias"], model.named_parameters().Select(p => p.name));
        list.Add(nn.Linear(1, 1));
        Assert.Equal(4, model.parameters().Count());
        Assert.Equal(3, list.Count);
    }

    private sealed class Network : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter scale = nn.Parameter(ones(1));
        private readonly Sequential body = nn.Sequential(
            ("first", nn.Linear(3, 4)), ("1", nn.ReLU()), ("2", nn.Linear(4, 4, hasBias: false)));

        private readonly ModuleList<Linear> tail = nn.ModuleList(nn.Linear(4, 4), nn.Linear(4, 2));
        private readonly Tensor offset = zeros(2);

        public Network() : base(nameof(Network)) => RegisterComponents();

        public override Tensor forward(Tensor input)
        {
            var x = body.call(input);
            foreach (var layer in tail) x = layer.call(x);
            return x * scale + offset;
        }
    }

    private sealed class Holder : nn.Module
    {
        private readonly ModuleList<Linear> list;

        public Holder(ModuleList<Linear> list) : base(nameof(Holder))
        {
            this.list = list;
            RegisterComponents();
        }
    }
}

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
        string[] parameters =
        [
            "scale",
            "body.0.weight",
            "body.0.bias",
            "body.2.weight",
            "norm.weight",
            "norm.bias",
            "tail.weight",
            "tail.bias",
        ];
        Assert.Equal(parameters, model.named_parameters().Select(p => p.name));
        string[] buffers = ["offset", "norm.running_mean", "norm.running_var", "norm.num_batches_tracked"];
        Assert.Equal(buffers, model.named_buffers().Select(b => b.name));
        Assert.Equal(["Sequential", "BatchNorm1d", "Linear"], model.children().Select(c => c.GetType().Name));
        Assert.Equal(parameters.Concat(buffers).Order(), model.state_dict().Keys.Order());
        Assert.Equal(["scale"], model.named_parameters(recurse: false).Select(p => p.name));
    }

    [Fact]
    public void A_parameter_used_twice_is_listed_once()
    {
        var shared = nn.Linear(2, 2);
        Assert.Equal(["0.weight", "0.bias"], nn.Sequential(shared, shared).named_parameters().Select(p => p.name));
    }

    [Fact]
    public void Training_and_evaluation_reach_every_module()
    {
        using var model = new Network();
        Assert.True(model.training);
        model.eval();
        Assert.All(model.children().Append(model), m => Assert.False(m.training));
        model.train();
        Assert.All(model.children().Append(model), m => Assert.True(m.training));
    }

    [Fact]
    public void Dropout_gives_new_handles_that_Sequential_may_dispose()
    {
        var model = nn.Sequential(nn.Dropout(0.5), nn.Flatten(), nn.ReLU());
        model.eval();
        var x = tensor([-1f, 2f], [1L, 2L]);
        Assert.Equal([0, 2], model.call(x).data<float>().ToArray());
        Assert.Equal([-1, 2], x.data<float>().ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(1)]
    public void Dropout_passes_gradients_where_it_keeps(double p)
    {
        using var scope = NewDisposeScope();
        var x = ones(40, 50).requires_grad_();
        var y = nn.Dropout(p).call(x);
        y.sum().backward();
        var kept = y.detach().data<float>().ToArray();
        Assert.Equal(kept, x.grad!.data<float>().ToArray());
        Assert.All(kept, v => Assert.True(v == 0 || Math.Abs(v - (1 / (1 - p))) < 1e-6));
        Assert.InRange(kept.Count(v => v == 0), (2000 * p) - 150, (2000 * p) + 150);
    }

    [Fact]
    public void Parameters_outlive_the_scope_that_they_were_made_in_and_go_with_their_module()
    {
        Linear layer;
        using (NewDisposeScope())
            layer = nn.Linear(2, 2);
        var weight = layer.weight;
        Assert.Equal(4, weight.numel());
        layer.Dispose();
        Assert.Throws<InvalidOperationException>(() => weight.numel());
    }

    private sealed class Network : nn.Module<Tensor, Tensor>
    {
        private readonly Parameter scale = nn.Parameter(ones(1));
        private readonly Sequential body = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 4, hasBias: false));
        private readonly BatchNorm1d norm = nn.BatchNorm1d(4);
        private readonly Linear tail = nn.Linear(4, 2);
        private readonly Tensor offset = zeros(2);

        public Network()
            : base(nameof(Network)) => RegisterComponents();

        public override Tensor forward(Tensor input) => (tail.call(norm.call(body.call(input))) * scale) + offset;
    }
}

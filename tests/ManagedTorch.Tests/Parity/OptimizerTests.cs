using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Parity;

/// <summary>What optimizers do besides their steps, which are compared with libtorch's.</summary>
public class OptimizerTests
{
    private static readonly Dictionary<string, Func<Parameter[], OptimizerHelper>> _optimizers = new()
    {
        ["sgd"] = p => optim.SGD(p, 0.1),
        ["sgd_momentum"] = p => optim.SGD(p, 0.05, momentum: 0.9, weight_decay: 0.01),
        ["sgd_dampening"] = p => optim.SGD(p, 0.05, momentum: 0.8, dampening: 0.3),
        ["sgd_nesterov"] = p => optim.SGD(p, 0.05, momentum: 0.9, nesterov: true),
        ["sgd_maximize"] = p => optim.SGD(p, 0.01, maximize: true),
        ["adam"] = p => optim.Adam(p, 0.05),
        ["adam_decay"] = p => optim.Adam(p, 0.05, 0.8, 0.95, 1e-6, 0.1),
        ["adam_amsgrad"] = p => optim.Adam(p, 0.05, amsgrad: true),
        ["adam_maximize"] = p => optim.Adam(p, 0.01, maximize: true),
        ["adamw"] = p => optim.AdamW(p, 0.05, weight_decay: 0.1),
        ["adamw_amsgrad"] = p => optim.AdamW(p, 0.05, weight_decay: 0.01, amsgrad: true),
        ["rmsprop"] = p => optim.RMSProp(p, 0.02),
        ["rmsprop_momentum"] = p => optim.RMSProp(p, 0.02, 0.9, momentum: 0.7, weight_decay: 0.05),
        ["rmsprop_centered"] = p => optim.RMSProp(p, 0.02, centered: true),
    };

    public static TheoryData<string> Optimizers => new(_optimizers.Keys);

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_state_loaded_into_a_new_optimizer_goes_on_with_the_same_bits(string name)
    {
        var parameter = nn.Parameter(linspace(-2, 2, 35).view(5, 7));
        using var optimizer = _optimizers[name]([parameter]);
        for (var step = 0; step < 3; step++) Step(optimizer, parameter);
        var copy = nn.Parameter(parameter.detach().clone());
        using var resumed = _optimizers[name]([copy]);
        // The package can't load an SGD's state that has no momentum yet.
        if (!name.StartsWith("sgd") || name is "sgd_momentum" or "sgd_nesterov" or "sgd_dampening")
            resumed.load_state_dict(optimizer.state_dict());
        for (var step = 0; step < 3; step++)
        {
            Step(optimizer, parameter);
            Step(resumed, copy);
        }
        Assert.Equal(Expect.Values(parameter), Expect.Values(copy));
    }

    [Theory]
    [InlineData("sgd_momentum")]
    [InlineData("adam")]
    [InlineData("adamw_amsgrad")]
    [InlineData("rmsprop_momentum")]
    public void A_state_of_another_shape_is_refused_by_the_next_step(string name)
    {
        var small = nn.Parameter(ones(3));
        using var optimizer = _optimizers[name]([small]);
        small.sum().backward();
        optimizer.step();
        var large = nn.Parameter(ones(100_000));
        using var other = _optimizers[name]([large]);
        other.load_state_dict(optimizer.state_dict());
        large.sum().backward();
        Assert.Throws<ExternalException>(() => other.step());
    }

    [Fact]
    public void Groups_keep_their_own_options_and_take_the_others_from_the_defaults()
    {
        var (first, second) = (nn.Parameter(ones(3)), nn.Parameter(ones(3)));
        using var optimizer = optim.Adam(
            [
                new Adam.ParamGroup { Parameters = [first] },
                new Adam.ParamGroup([second], new Adam.Options { LearningRate = 0, beta1 = 0.5 }),
            ],
            0.1);
        (first.sum() + second.sum()).backward();
        optimizer.step();
        Assert.Equal([0.9f, 0.9f, 0.9f], Expect.Values(first), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([1, 1, 1], Expect.Values(second));
        Assert.Equal([0.1, 0.0], optimizer.ParamGroups.Select(g => g.LearningRate));
        var state = optimizer.state_dict();
        Assert.Equal(2, state.Options.Count);
        Assert.Equal(0.999, ((Adam.Options)state.Options[1]).beta2);
        Assert.Equal(1, ((Adam.State)state.State[0]).step);
        Assert.Equal([[0], [1]], state.StateIndexRef);
    }

    [Fact]
    public void A_closure_is_evaluated_once_and_its_loss_returned()
    {
        var parameter = nn.Parameter(ones(2));
        using var optimizer = optim.SGD([parameter], 0.5);
        var calls = 0;
        var loss = optimizer.step(() =>
        {
            calls++;
            optimizer.zero_grad();
            var result = (parameter * parameter).sum();
            result.backward();
            return result;
        });
        Assert.Equal(1, calls);
        Assert.Equal(2, loss!.item<float>());
        Assert.Equal([0, 0], Expect.Values(parameter));
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        Parameter[] parameters = [nn.Parameter(ones(1))];
        Assert.Throws<ArgumentException>(() => optim.SGD(parameters, -1));
        Assert.Throws<ArgumentException>(() => optim.SGD(parameters, 0.1, nesterov: true));
        Assert.Throws<ArgumentException>(() => optim.Adam(parameters, beta1: 1));
        Assert.Throws<ArgumentException>(() => optim.AdamW(parameters, weight_decay: -1));
        Assert.Throws<ArgumentException>(() => optim.RMSProp(parameters, eps: -1));
    }

    private static void Step(OptimizerHelper optimizer, Parameter parameter)
    {
        using var scope = NewDisposeScope();
        optimizer.zero_grad();
        (parameter - linspace(1, -1, 35).view(5, 7)).pow(4).mean().backward();
        optimizer.step();
    }
}

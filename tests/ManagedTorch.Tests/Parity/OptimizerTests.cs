using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Parity;

/// <summary>Twelve steps on a quartic follow PyTorch's to 1e-5, schedules to 1e-12.</summary>
public class OptimizerTests
{
    private static readonly ValueFile _values = ValueFile.Open("optimizer");

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

    private static readonly Dictionary<string, Func<optim.Optimizer, optim.lr_scheduler.LRScheduler>> _schedules = new()
    {
        ["step"] = o => optim.lr_scheduler.StepLR(o, 3, 0.5),
        ["multistep"] = o => optim.lr_scheduler.MultiStepLR(o, [2, 5, 9], 0.3),
        ["exponential"] = o => optim.lr_scheduler.ExponentialLR(o, 0.9),
        ["cosine"] = o => optim.lr_scheduler.CosineAnnealingLR(o, 6, 0.01),
        ["lambda"] = o => optim.lr_scheduler.LambdaLR(o, e => 1.0 / (1 + e)),
        ["linear"] = o => optim.lr_scheduler.LinearLR(o, 0.25, 1.0, 4),
        ["plateau"] = o => optim.lr_scheduler.ReduceLROnPlateau(o, factor: 0.5, patience: 1, cooldown: 1),
    };

    public static TheoryData<string> Optimizers => new(_optimizers.Keys);

    public static TheoryData<string> Schedules => new(_schedules.Keys);

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Steps_follow_PyTorchs(string name)
    {
        var parameter = nn.Parameter(_values.Tensor("start"));
        using var optimizer = _optimizers[name]([parameter]);
        for (var step = 1; step <= 12; step++)
        {
            Step(optimizer, parameter);
            if (_values.Contains($"{name}/{step}")) Expect.Close(_values, $"{name}/{step}", parameter, 2e-5, 2e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_state_loaded_into_a_new_optimizer_goes_on_with_the_same_bits(string name)
    {
        var parameter = nn.Parameter(_values.Tensor("start"));
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

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Schedules_follow_PyTorchs(string name)
    {
        var optimizer = optim.SGD([nn.Parameter(zeros(1))], 0.4);
        var scheduler = _schedules[name](optimizer);
        var expected = _values.Metadata<Dictionary<string, double[]>>("schedules")[name];
        Assert.Equal(expected[0], Rate(), 1e-12);
        double[] metrics = [5, 4, 4, 4, 4, 3, 3.5, 3.5, 3.5, 3.5, 3.5, 3.5];
        for (var i = 0; i < metrics.Length; i++)
        {
            optimizer.step();
            if (name == "plateau") scheduler.step(metrics[i]);
            else scheduler.step();
            Assert.Equal(expected[i + 1], Rate(), 1e-12);
        }

        double Rate() => optimizer.ParamGroups.Single().LearningRate;
    }

    [Theory]
    [InlineData("2.0", 2)]
    [InlineData("1.0", 1)]
    [InlineData("inf", double.PositiveInfinity)]
    public void Clipping_scales_gradients_as_PyTorch_does(string name, double norm)
    {
        var parameters = Enumerable.Range(0, 2).Select(i =>
        {
            var gradient = _values.Tensor($"clip/{name}/{i}/before");
            var parameter = nn.Parameter(zeros_like(gradient));
            parameter.grad = gradient;
            return parameter;
        }).ToArray();
        var total = nn.utils.clip_grad_norm_(parameters, 1.5, norm);
        Assert.Equal(_values.Array<float>($"clip/{name}/norm")[0], total, 1e-4);
        for (var i = 0; i < 2; i++) Expect.Close(_values, $"clip/{name}/{i}/after", parameters[i].grad!);
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
        (parameter - _values.Tensor("target")).pow(4).mean().backward();
        optimizer.step();
    }
}

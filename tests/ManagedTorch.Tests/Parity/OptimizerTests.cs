using System.Runtime.InteropServices;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Parity;

/// <summary>What optimizers do besides their steps, which are compared with libtorch's.</summary>
public class OptimizerTests
{
    [Fact]
    public void A_moment_of_another_shape_is_refused_by_the_next_step()
    {
        var parameter = nn.Parameter(ones(100_000));
        using var optimizer = optim.SGD([parameter], 0.1, momentum: 0.9);
        ((SGD.State)optimizer.state_dict().State[0]).momentum_buffer = zeros(3);
        parameter.sum().backward();
        Assert.Throws<ExternalException>(() => optimizer.step());
    }

    [Fact]
    public void A_rate_that_is_set_is_that_of_the_next_step()
    {
        var parameter = nn.Parameter(ones(3));
        using var optimizer = optim.Adam([parameter], 0.1);
        parameter.sum().backward();
        foreach (var group in optimizer.ParamGroups)
            group.LearningRate = 0.5;
        optimizer.step();
        Assert.All(Expect.Values(parameter), v => Assert.Equal(0.5f, v, 1e-6));
        Assert.Equal([0.5], optimizer.ParamGroups.Select(g => g.LearningRate));
        Assert.Equal(1, ((Adam.State)optimizer.state_dict().State[0]).step);
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
        Assert.Throws<ArgumentException>(() => optim.Adam(parameters, beta1: 1));
        Assert.Throws<ArgumentException>(() => optim.AdamW(parameters, weight_decay: -1));
        Assert.Throws<ArgumentException>(() => optim.RMSProp(parameters, eps: -1));
    }
}

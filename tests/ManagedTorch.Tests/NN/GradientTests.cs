using TorchSharp;
using TorchSharp.Autograd;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Latent.ManagedTorch.Tests.NN;

/// <summary>Gradients of the operations with their own backward pass against finite differences.</summary>
public class GradientTests
{
    private static readonly Dictionary<string, (Func<Tensor[], Tensor> Function, long[][] Shapes)> _functions = new()
    {
        ["linear"] = (
            x => LinearNode.Run(x[0], x[1], x[2]),
            [
                [3, 4],
                [2, 4],
                [2],
            ]
        ),
        ["conv_transpose2d"] = (
            Transposed,
            [
                [2, 2, 3, 2],
                [2, 3, 3, 2],
                [3],
            ]
        ),
        ["batch_norm"] = (
            x => BatchNormNode.Run(x[0], zeros(3), ones(3), x[1], x[2], true, 0.1, 1e-5),
            [
                [4, 3, 2],
                [3],
                [3],
            ]
        ),
        ["group_norm"] = (
            x => F.group_norm(x[0], 2, x[1], x[2]),
            [
                [3, 4, 2, 3],
                [4],
                [4],
            ]
        ),
        ["group_norm, no weight"] = (
            x => F.group_norm(x[0], 1),
            [
                [3, 1, 5],
            ]
        ),
        ["conv2d"] = (
            x => F.conv2d(x[0], x[1], x[2], [2, 1], [1, 2]),
            [
                [2, 2, 5, 4],
                [3, 2, 3, 2],
                [3],
            ]
        ),
        ["avg_pool2d"] = (
            x => nn.AvgPool2d(3, 2, 1).call(x[0]),
            [
                [1, 2, 5, 6],
            ]
        ),
        ["mse_loss"] = (
            x => F.mse_loss(x[0], x[1]),
            [
                [3, 4],
                [3, 4],
            ]
        ),
        ["with_logits"] = (
            x => F.binary_cross_entropy_with_logits(x[0], x[1], reduction: nn.Reduction.None),
            [
                [3, 4],
                [3, 4],
            ]
        ),
        ["gelu"] = (
            x => x[0].gelu(),
            [
                [20],
            ]
        ),
        ["silu"] = (
            x => x[0].silu(),
            [
                [20],
            ]
        ),
        ["softplus"] = (
            x => x[0].softplus(2),
            [
                [20],
            ]
        ),
        ["elu"] = (
            x => (x[0] + 3.0).elu(0.5) + (x[0] - 3).elu(0.5),
            [
                [20],
            ]
        ),
        ["sigmoid"] = (
            x => x[0].sigmoid(),
            [
                [20],
            ]
        ),
        ["tanh"] = (
            x => x[0].tanh(),
            [
                [20],
            ]
        ),
        ["logsumexp"] = (
            x => x[0].logsumexp(1),
            [
                [3, 5],
            ]
        ),
        ["softmax"] = (
            x => x[0].softmax(1),
            [
                [3, 5],
            ]
        ),
        ["division"] = (
            x => x[0] / (x[1].square() + 1.0),
            [
                [3, 4],
                [4],
            ]
        ),
    };

    public static TheoryData<string> Functions => new(_functions.Keys);

    [Theory]
    [MemberData(nameof(Functions))]
    public void Gradients_are_the_slopes_of_the_function(string name)
    {
        var (function, shapes) = _functions[name];
        using var generator = new Generator(11);
        GradientCheck.Holds(function, 2e-3, shapes.Select(shape => randn(shape, generator: generator)).ToArray());
    }

    [Fact]
    public void Max_pooling_passes_gradients_to_the_largest_of_each_window()
    {
        var random = new Random(3);
        var x = tensor([.. Enumerable.Range(0, 60).OrderBy(_ => random.Next()).Select(i => i / 5f)], [1L, 2, 6, 5]);
        GradientCheck.Holds(t => nn.MaxPool2d(3, 2, 1).call(t[0]), 2e-3, x);
    }

    private static Tensor Transposed(Tensor[] x)
    {
        var window = ConvWindow.Create("conv_transpose2d", x[0], x[1], [2, 3], [1, 0], 1);
        return Conv2dNode.Run(x[0], x[1], x[2], window.Transposed(x[0], x[1], x[2]), transposed: true);
    }
}

using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Latent.ManagedTorch.Tests.NN;

/// <summary>Gradients of the operations with their own backward pass against finite differences.</summary>
public class GradientTests
{
    private static readonly Dictionary<string, (Func<Tensor[], Tensor> Function, long[][] Shapes)> _functions = new()
    {
        ["linear"] = (x => F.linear(x[0], x[1], x[2]), [[3, 4], [2, 4], [2]]),
        ["conv2d"] = (x => F.conv2d(x[0], x[1], x[2], [2, 1], [1, 2]), [[2, 2, 5, 4], [3, 2, 3, 2], [3]]),
        ["conv2d_same"] = (x => F.conv2d_padding(x[0], x[1], x[2], padding: Padding.Same), [[1, 2, 4, 5], [2, 2, 2, 4], [2]]),
        ["conv2d_groups"] = (x => F.conv2d(x[0], x[1], x[2], groups: 2), [[1, 4, 4, 3], [2, 2, 3, 3], [2]]),
        ["conv_transpose2d"] = (x => F.conv_transpose2d(x[0], x[1], x[2], [2, 3], [1, 0], [1, 2]), [[2, 2, 3, 2], [2, 3, 3, 2], [3]]),
        ["avg_pool2d"] = (x => F.avg_pool2d(x[0], 3, 2, 1), [[1, 2, 5, 6]]),
        ["batch_norm"] = (x => F.batch_norm(x[0], null, null, x[1], x[2], true), [[4, 3, 2], [3], [3]]),
        ["mse_loss"] = (x => F.mse_loss(x[0], x[1]), [[3, 4], [3, 4]]),
        ["mse_loss broadcast"] = (x => F.mse_loss(x[0], x[1], nn.Reduction.Sum), [[3, 4], [4]]),
        ["binary_cross_entropy"] = (x => F.binary_cross_entropy(x[0].sigmoid(), x[1].sigmoid()), [[3, 4], [3, 4]]),
        ["with_logits"] = (x => F.binary_cross_entropy_with_logits(x[0], x[1], reduction: nn.Reduction.None), [[3, 4], [3, 4]]),
        ["gelu"] = (x => F.gelu(x[0]), [[20]]),
        ["gelu tanh"] = (x => F.gelu(x[0], global::TorchSharp.Modules.GELU.Approximate.tanh), [[20]]),
        ["silu"] = (x => F.silu(x[0]), [[20]]),
        ["softplus"] = (x => F.softplus(x[0], 2), [[20]]),
        ["elu"] = (x => F.elu(x[0] + 3, 0.5) + F.elu(x[0] - 3, 0.5), [[20]]),
        ["sigmoid"] = (x => x[0].sigmoid(), [[20]]),
        ["tanh"] = (x => x[0].tanh(), [[20]]),
        ["matmul"] = (x => x[0].matmul(x[1]), [[2, 3, 4], [4, 2]]),
        ["logsumexp"] = (x => x[0].logsumexp(1), [[3, 5]]),
        ["softmax"] = (x => x[0].softmax(1), [[3, 5]]),
        ["division"] = (x => x[0] / (x[1].square() + 1), [[3, 4], [4]]),
        ["power"] = (x => (x[0].square() + 1).pow(x[1]), [[3, 4], [3, 1]]),
        ["var"] = (x => x[0].var(1), [[3, 5]]),
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
        var x = (randperm(2 * 6 * 5, generator: new Generator(3)).to(float32) / 5).view(1, 2, 6, 5);
        GradientCheck.Holds(t => F.max_pool2d(t[0], 3, 2, 1), 2e-3, x);
    }
}

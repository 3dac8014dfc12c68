using static Latent.ManagedTorch.Tests.GradientCheck;
using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Tensors;

public class GradientTests
{
    private static readonly Dictionary<string, (Func<Tensor[], Tensor> Function, Func<Tensor[]> Inputs)> All = new()
    {
        ["exp"] = (x => x[0].exp(), () => [Values(-1, 1, 2, 3)]),
        ["expm1"] = (x => x[0].expm1(), () => [Values(-1, 1, 2, 3)]),
        ["log"] = (x => x[0].log(), () => [Values(0.5, 2, 2, 3)]),
        ["log1p"] = (x => x[0].log1p(), () => [Values(-0.4, 2, 2, 3)]),
        ["sqrt"] = (x => x[0].sqrt(), () => [Values(0.5, 2, 5)]),
        ["rsqrt"] = (x => x[0].rsqrt(), () => [Values(0.5, 2, 5)]),
        ["reciprocal"] = (x => x[0].reciprocal(), () => [Values(0.5, 2, 5)]),
        ["square"] = (x => x[0].square(), () => [Values(-2, 2, 5)]),
        ["abs"] = (x => x[0].abs(), () => [Values(0.1, 2, 5) * tensor(new[] { 1f, -1, 1, -1, 1 })]),
        ["sin"] = (x => x[0].sin(), () => [Values(-3, 3, 5)]),
        ["cos"] = (x => x[0].cos(), () => [Values(-3, 3, 5)]),
        ["erf"] = (x => x[0].erf(), () => [Values(-1, 1, 5)]),
        ["sigmoid"] = (x => x[0].sigmoid(), () => [Values(-3, 3, 20)]),
        ["tanh"] = (x => x[0].tanh(), () => [Values(-2, 2, 20)]),
        ["relu"] = (x => x[0].relu(), () => [Values(0.1, 2, 6) * tensor(new[] { 1f, -1, 1, -1, 1, -1 })]),
        ["softplus"] = (x => x[0].softplus(), () => [Values(-3, 3, 5)]),
        ["pow 3"] = (x => x[0].pow(3), () => [Values(-2, 2, 5)]),
        ["pow 1.7"] = (x => x[0].pow(1.7), () => [Values(0.5, 2, 5)]),
        ["pow tensor"] = (x => x[0].pow(x[1]), () => [Values(0.5, 2, 2, 3), Values(-1, 2, 3)]),
        ["clamp"] = (x => x[0].clamp(-0.5, 0.5), () => [tensor(new[] { -2f, -0.3f, 0.1f, 0.4f, 1f })]),
        ["neg"] = (x => -x[0], () => [Values(-2, 2, 5)]),
        ["scalars"] = (x => 2 - (3 / ((x[0] * 2.5) + 4.0f)), () => [Values(-1, 1, 5)]),
        ["add"] = (x => x[0] + x[1], () => [Values(-1, 1, 2, 3), Values(-1, 1, 3)]),
        ["add alpha"] = (x => x[0].add(x[1], 0.3), () => [Values(-1, 1, 2, 1), Values(-1, 1, 1, 3)]),
        ["sub"] = (x => x[0] - x[1], () => [Values(-1, 1, 3), Values(-1, 1, 2, 3)]),
        ["mul"] = (x => x[0] * x[1], () => [Values(-1, 1, 2, 1, 4), Values(-1, 1, 3, 1)]),
        ["mul by itself"] = (x => x[0] * x[0], () => [Values(-1, 1, 4)]),
        ["div"] = (x => x[0] / x[1], () => [Values(-1, 1, 2, 3), Values(0.5, 2, 2, 1)]),
        ["maximum"] = (x => maximum(x[0], x[1]), () => [Values(-1, 1, 2, 3), Values(-0.9, 1.1, 3) + 0.03]),
        ["minimum"] = (x => minimum(x[0], x[1]), () => [Values(-1, 1, 2, 3), Values(-0.9, 1.1, 3) + 0.03]),
        ["lerp"] = (x => x[0].lerp(x[1], x[2]), () => [Values(-1, 1, 4), Values(1, 2, 4), Values(0, 1, 4)]),
        ["where"] = (x => where(tensor(new[] { true, false, true }), x[0], x[1]), () => [Values(-1, 1, 2, 3), Values(-1, 1, 1)]),
        ["masked_fill"] = (x => x[0].masked_fill(tensor(new[] { true, false, true }), 7), () => [Values(-1, 1, 2, 3)]),
        ["sum"] = (x => x[0].sum(), () => [Values(-1, 1, 2, 3)]),
        ["sum middle"] = (x => x[0].sum(1, keepdim: true), () => [Values(-1, 1, 2, 3, 4)]),
        ["sum outer and inner"] = (x => x[0].sum([0, 2]), () => [Values(-1, 1, 2, 3, 4)]),
        ["mean"] = (x => x[0].mean([0, 1]), () => [Values(-1, 1, 2, 3, 4)]),
        ["var"] = (x => x[0].var(1), () => [Values(-1, 1, 2, 5)]),
        ["std"] = (x => x[0].std(0, unbiased: false), () => [Values(-1, 1, 4, 2)]),
        ["norm"] = (x => x[0].norm(), () => [Values(-1, 1, 4, 2)]),
        ["norm of rows"] = (x => x[0].norm(1), () => [Values(-1, 1, 4, 2)]),
        ["prod"] = (x => x[0].prod(1), () => [Values(-1, 1, 2, 4)]),
        ["cumsum"] = (x => x[0].cumsum(1), () => [Values(-1, 1, 2, 4)]),
        ["max along"] = (x => x[0].max(1).values, () => [Values(-3, 3, 3, 4)]),
        ["min along"] = (x => x[0].min(0, keepdim: true).values, () => [Values(-3, 3, 3, 4)]),
        ["amax"] = (x => x[0].amax([0, 2]), () => [Values(-3, 3, 2, 3, 2)]),
        ["logsumexp"] = (x => x[0].logsumexp(0), () => [Values(-3, 3, 3, 4)]),
        ["softmax"] = (x => x[0].softmax(1), () => [Values(-3, 3, 3, 4)]),
        ["log_softmax"] = (x => x[0].log_softmax(-1), () => [Values(-3, 3, 3, 4)]),
        ["reshape"] = (x => x[0].reshape(3, -1) * 2, () => [Values(-1, 1, 2, 6)]),
        ["transpose"] = (x => x[0].transpose(0, 2).exp(), () => [Values(-1, 1, 2, 3, 2)]),
        ["permute"] = (x => x[0].permute(2, 0, 1).square(), () => [Values(-1, 1, 2, 3, 2)]),
        ["expand"] = (x => x[0].expand(4, 2, 3).square(), () => [Values(-1, 1, 2, 1)]),
        ["repeat"] = (x => x[0].repeat(2, 3).square(), () => [Values(-1, 1, 2, 2)]),
        ["narrow"] = (x => x[0].narrow(1, 1, 2).square(), () => [Values(-1, 1, 2, 4)]),
        ["select"] = (x => x[0].select(1, -1).square(), () => [Values(-1, 1, 2, 4)]),
        ["slice with a step"] = (x => x[0].slice(1, 0, 5, 2).square(), () => [Values(-1, 1, 2, 5)]),
        ["index with slices"] = (x => x[0][.., 1..3].square(), () => [Values(-1, 1, 2, 5)]),
        ["index by a tensor"] = (x => x[0][tensor(new long[] { 1, 0, 1 })].square(), () => [Values(-1, 1, 2, 3)]),
        ["chunk"] = (x => x[0].chunk(2, 1)[0] * x[0].chunk(2, 1)[1], () => [Values(-1, 1, 2, 4)]),
        ["unbind"] = (x => x[0].unbind(1)[0] * x[0].unbind(1)[2], () => [Values(-1, 1, 2, 3)]),
        ["squeeze and unsqueeze"] = (x => x[0].unsqueeze(1).squeeze(0).square(), () => [Values(-1, 1, 1, 3)]),
        ["cat"] = (x => cat([x[0], x[1], x[0]], 1).square(), () => [Values(-1, 1, 2, 3), Values(-1, 1, 2, 1)]),
        ["stack"] = (x => stack([x[0], x[1]], 1).square(), () => [Values(-1, 1, 2, 3), Values(0, 1, 2, 3)]),
        ["flip"] = (x => x[0].flip(1).square(), () => [Values(-1, 1, 2, 3)]),
        ["index_select"] = (x => x[0].index_select(1, tensor(new long[] { 2, 0, 2 })).square(), () => [Values(-1, 1, 2, 3)]),
        ["gather"] = (x => x[0].gather(1, tensor(new long[,] { { 2, 2 }, { 0, 1 } })).square(), () => [Values(-1, 1, 2, 3)]),
        ["scatter_add"] = (
            x => x[0].scatter_add(1, tensor(new long[,] { { 2, 2 }, { 0, 1 } }), x[1]).square(), () => [Values(-1, 1, 2, 3), Values(-1, 1, 2, 2)]),
        ["scatter"] = (
            x => x[0].scatter(1, tensor(new long[,] { { 2, 1 }, { 0, 1 } }), x[1]).square(), () => [Values(-1, 1, 2, 3), Values(-1, 1, 2, 2)]),
        ["matmul"] = (x => x[0].matmul(x[1]), () => [Values(-1, 1, 3, 4), Values(-1, 1, 4, 2)]),
        ["matmul of transposed"] = (x => x[0].t().matmul(x[1].t()), () => [Values(-1, 1, 4, 3), Values(-1, 1, 2, 4)]),
        ["matmul of a batch and a matrix"] = (x => x[0].matmul(x[1]), () => [Values(-1, 1, 2, 3, 4), Values(-1, 1, 4, 2)]),
        ["matmul of batches"] = (x => x[0].matmul(x[1]), () => [Values(-1, 1, 2, 1, 3, 4), Values(-1, 1, 3, 4, 2)]),
        ["matmul of vectors"] = (x => x[0].matmul(x[1]), () => [Values(-1, 1, 4), Values(-1, 1, 4)]),
        ["matrix times vector"] = (x => x[0].mv(x[1]), () => [Values(-1, 1, 3, 4), Values(-1, 1, 4)]),
        ["bmm"] = (x => x[0].bmm(x[1]), () => [Values(-1, 1, 2, 3, 4), Values(-1, 1, 2, 4, 2)]),
        ["addmm"] = (x => x[0].addmm(x[1], x[2], 0.5f, 2), () => [Values(-1, 1, 2), Values(-1, 1, 3, 4), Values(-1, 1, 4, 2)]),
        ["exp_ of a product"] = (x => (x[0] * 2).exp_(), () => [Values(-1, 1, 4)]),
        ["mul_ of a sum"] = (x => (x[0] + 1).mul_(x[1]), () => [Values(-1, 1, 2, 3), Values(-1, 1, 3)]),
        ["div_ of a sum"] = (x => (x[0] + 1).div_(x[1]), () => [Values(-1, 1, 2, 3), Values(0.5, 2, 3)]),
        ["add_ of a product"] = (x => (x[0] * x[0]).add_(x[1], 0.5), () => [Values(-1, 1, 2, 3), Values(0.5, 2, 3)]),
        ["used twice"] = (x => x[0].exp() + (x[0] * x[0].sum()), () => [Values(-1, 1, 2, 3)]),
    };

    public static TheoryData<string> Names() => [.. All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_agree_with_differences(string name)
    {
        using var scope = NewDisposeScope();
        var (function, inputs) = All[name];
        Holds(function, 3e-3, inputs());
    }
}

using static Latent.ManagedTorch.Tests.GradientCheck;
using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Tensors;

public class GradientTests
{
    private static readonly Dictionary<string, (Func<Tensor[], Tensor> Function, Func<Tensor[]> Inputs)> All = new()
    {
        ["exp"] = (x => x[0].exp(), () => [Values(-1, 1, 2, 3)]),
        ["log"] = (x => x[0].log(), () => [Values(0.5, 2, 2, 3)]),
        ["sqrt"] = (x => x[0].sqrt(), () => [Values(0.5, 2, 5)]),
        ["square"] = (x => x[0].square(), () => [Values(-2, 2, 5)]),
        ["sigmoid"] = (x => x[0].sigmoid(), () => [Values(-3, 3, 20)]),
        ["tanh"] = (x => x[0].tanh(), () => [Values(-2, 2, 20)]),
        ["relu"] = (x => x[0].relu(), () => [Values(0.1, 2, 6) * tensor(new[] { 1f, -1, 1, -1, 1, -1 })]),
        ["softplus"] = (x => x[0].softplus(), () => [Values(-3, 3, 5)]),
        ["pow 3"] = (x => x[0].pow(3), () => [Values(-2, 2, 5)]),
        ["pow 1.7"] = (x => x[0].pow(1.7), () => [Values(0.5, 2, 5)]),
        ["clamp"] = (x => x[0].clamp(-0.5, 0.5), () => [tensor(new[] { -2f, -0.3f, 0.1f, 0.4f, 1f })]),
        ["neg"] = (x => -x[0], () => [Values(-2, 2, 5)]),
        ["scalars"] = (x => 2 - (tensor(3f) / ((x[0] * 2.5) + 4.0)), () => [Values(-1, 1, 5)]),
        ["add"] = (x => x[0] + x[1], () => [Values(-1, 1, 2, 3), Values(-1, 1, 3)]),
        ["sub"] = (x => x[0] - x[1], () => [Values(-1, 1, 3), Values(-1, 1, 2, 3)]),
        ["mul"] = (x => x[0] * x[1], () => [Values(-1, 1, 2, 1, 4), Values(-1, 1, 3, 1)]),
        ["mul by itself"] = (x => x[0] * x[0], () => [Values(-1, 1, 4)]),
        ["div"] = (x => x[0] / x[1], () => [Values(-1, 1, 2, 3), Values(0.5, 2, 2, 1)]),
        ["sum"] = (x => x[0].sum(), () => [Values(-1, 1, 2, 3)]),
        ["sum middle"] = (x => x[0].sum(1, keepdim: true), () => [Values(-1, 1, 2, 3, 4)]),
        ["mean"] = (x => x[0].mean([0, 1]), () => [Values(-1, 1, 2, 3, 4)]),
        ["norm"] = (x => x[0].norm(), () => [Values(-1, 1, 4, 2)]),
        ["cumsum"] = (x => x[0].cumsum(1), () => [Values(-1, 1, 2, 4)]),
        ["logsumexp"] = (x => x[0].logsumexp(0), () => [Values(-3, 3, 3, 4)]),
        ["softmax"] = (x => x[0].softmax(1), () => [Values(-3, 3, 3, 4)]),
        ["reshape"] = (x => x[0].reshape(3, -1) * 2, () => [Values(-1, 1, 2, 6)]),
        ["expand"] = (x => x[0].expand(4, 2, 3).square(), () => [Values(-1, 1, 2, 1)]),
        ["repeat"] = (x => x[0].repeat(2, 3).square(), () => [Values(-1, 1, 2, 2)]),
        ["narrow"] = (x => x[0].narrow(1, 1, 2).square(), () => [Values(-1, 1, 2, 4)]),
        ["select"] = (x => x[0].select(1, -1).square(), () => [Values(-1, 1, 2, 4)]),
        ["cat"] = (x => cat([x[0], x[1], x[0]], 1).square(), () => [Values(-1, 1, 2, 3), Values(-1, 1, 2, 1)]),
        ["stack"] = (x => stack([x[0], x[1]], 1).square(), () => [Values(-1, 1, 2, 3), Values(0, 1, 2, 3)]),
        ["flip"] = (x => x[0].flip(1).square(), () => [Values(-1, 1, 2, 3)]),
        ["index_select"] = (x => x[0].index_select(1, tensor(new long[] { 2, 0, 2 })).square(), () => [Values(-1, 1, 2, 3)]),
        ["gather"] = (x => x[0].gather(1, tensor(new long[] { 2, 2, 0, 1 }, [2, 2])).square(), () => [Values(-1, 1, 2, 3)]),
        ["mm"] = (x => x[0].mm(x[1]), () => [Values(-1, 1, 3, 4), Values(-1, 1, 4, 2)]),
        ["mm of transposed"] = (x => x[0].t().mm(x[1].t()), () => [Values(-1, 1, 4, 3), Values(-1, 1, 2, 4)]),
        ["add_ of a product"] = (x => (x[0] * x[0]).add_(x[1]), () => [Values(-1, 1, 2, 3), Values(0.5, 2, 3)]),
        ["sub_ of a product"] = (x => (x[0] * x[0]).sub_(x[1]), () => [Values(-1, 1, 2, 3), Values(0.5, 2, 3)]),
        ["mul_ and add_ of numbers"] = (x => (x[0] * x[0]).mul_(3).add_(1), () => [Values(-1, 1, 2, 3)]),
        ["copy_ into a product"] = (x => (x[0] * 2).copy_(x[1]).square(), () => [Values(-1, 1, 2, 3), Values(-1, 1, 3)]),
        ["transposed"] = (x => x[0].t().exp(), () => [Values(-1, 1, 2, 3)]),
        ["unsqueeze"] = (x => x[0].unsqueeze(1).square(), () => [Values(-1, 1, 2, 3)]),
        ["flatten and unflatten"] = (x => x[0].flatten(1).unflatten(1, 3, 2).square(), () => [Values(-1, 1, 2, 2, 3)]),
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

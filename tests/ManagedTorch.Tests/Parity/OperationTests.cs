using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Parity;

/// <summary>
/// Every operation's result and gradients are PyTorch's, to 1e-5 relative, or 1e-4 where many terms are summed, and a fifth of that
/// absolute.
/// </summary>
public class OperationTests
{
    private static readonly string[] _groups =
        ["unary", "binary", "reduce", "shape", "pick", "matmul", "convolution", "pooling", "norm", "loss", "distribution"];

    public static TheoryData<string, string> Operations() => new(
        from name in _groups
        from op in ValueFile.Open(name).Cases.Select(c => c.Op).Distinct()
        select (name, op));

    [Theory]
    [MemberData(nameof(Operations))]
    public void Results_and_gradients_are_PyTorchs(string group, string op)
    {
        var file = ValueFile.Open(group);
        foreach (var test in file.Cases.Where(c => c.Op == op))
            Check(file, test, group is "norm" or "convolution" or "matmul" ? 1e-4 : 1e-5);
    }

    private static void Check(ValueFile file, ValueFile.Case test, double relative)
    {
        using var scope = NewDisposeScope();
        var inputs = Enumerable.Range(0, test.Inputs).Select(i =>
        {
            var input = file.Tensor($"{test.Name}/input{i}");
            return test.Grads.Contains(i) ? input.requires_grad_() : input;
        }).ToArray();
        var output = Parity.Operations.All[test.Op](inputs, new(test.Args));
        Expect.Close(file, $"{test.Name}/output", output, relative, relative / 5);
        if (test.Grads.Length == 0) return;
        (output * file.Tensor($"{test.Name}/weights")).sum().backward();
        foreach (var i in test.Grads)
            Expect.Close(file, $"{test.Name}/grad{i}", inputs[i].grad ?? zeros_like(inputs[i]), relative, relative / 5);
    }
}

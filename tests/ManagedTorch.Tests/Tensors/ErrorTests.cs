using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace Latent.ManagedTorch.Tests.Tensors;

public class ErrorTests
{
    public static readonly TheoryData<string> Mistakes = [.. All.Keys];

    private static Dictionary<string, (Action Do, string[] Says)> All =>
        new()
        {
            ["add"] = (() => _ = zeros([2, 3]) + zeros(4), ["3", "4"]),
            ["cat"] = (() => cat([zeros([2, 3]), zeros([3, 4])]), ["3", "4"]),
            ["stack"] = (() => stack([zeros(2), zeros(3)]), ["[2]", "[3]"]),
            ["reshape"] = (() => zeros([2, 3]).reshape(4, 2), ["[4, 2]"]),
            ["narrow"] = (() => zeros([2, 3]).narrow(1, 2, 2), []),
            ["select"] = (() => zeros([2, 3]).select(0, 2), ["2"]),
            ["index"] = (() => _ = zeros([2, 3])[0][3], ["3"]),
            ["index_select"] = (() => zeros([2, 3]).index_select(0, tensor(new long[] { 2 })), []),
            ["index_select's type"] = (() => zeros([2, 3]).index_select(0, tensor(new[] { 1f })), ["Float32"]),
            ["gather"] = (() => zeros([2, 3]).gather(1, tensor(new long[] { 3 }, [1, 1])), ["3"]),
            ["gather's shape"] = (() => zeros([2, 3]).gather(1, tensor(new long[3], [3, 1])), ["[3, 1]", "[2, 3]"]),
            ["mm"] = (() => zeros([2, 3]).mm(zeros([2, 3])), ["[2, 3]"]),
            ["sum"] = (() => zeros([2, 3]).sum(2), ["2"]),
            ["expand"] = (() => zeros([2, 3]).expand(2, 4), ["[2, 4]"]),
            ["gradients of integers"] = (() => arange(2).requires_grad_(), ["Int64"]),
        };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_one_clear_exception(string name)
    {
        using var scope = NewDisposeScope();
        var (mistake, says) = All[name];
        var error = Assert.ThrowsAny<ExternalException>(mistake);
        Assert.All(says, word => Assert.Contains(word, error.Message));
    }

    [Fact]
    public void Elements_are_only_read_as_what_they_are()
    {
        using var scope = NewDisposeScope();
        Assert.Throws<ArgumentException>(() => zeros(2).data<double>());
        Assert.Throws<ArgumentException>(() => zeros(2).item<float>());
    }

    [Fact]
    public void There_is_no_gpu()
    {
        Assert.False(cuda.is_available());
        Assert.Equal(0, cuda.device_count());
        Assert.Throws<InvalidOperationException>(() => device("cuda"));
        Assert.ThrowsAny<Exception>(() => zeros(2).to(new Device("cuda")));
    }
}

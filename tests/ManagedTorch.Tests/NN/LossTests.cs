using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Latent.ManagedTorch.Tests.NN;

public class LossTests
{
    private static readonly Dictionary<string, Func<Tensor, Tensor, nn.Reduction, Tensor>> _losses = new()
    {
        ["mse"] = (x, t, reduction) => F.mse_loss(x, t, reduction),
        ["with logits"] = (x, t, reduction) => F.binary_cross_entropy_with_logits(x, t, reduction: reduction),
    };

    public static TheoryData<string, string, nn.Reduction> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, nn.Reduction>();
            foreach (var loss in _losses.Keys)
            {
                foreach (var target in (string[])["first dimensions", "a dimension between", "a part", "short rows"])
                {
                    foreach (var reduction in (nn.Reduction[])[nn.Reduction.None, nn.Reduction.Mean])
                        cases.Add(loss, target, reduction);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_expanded_target_is_worth_its_copy(string loss, string what, nn.Reduction reduction)
    {
        using var generator = new Generator(5);
        using var drawn = rand([40, 130], generator: generator);
        using var target = what switch
        {
            "first dimensions" => drawn.expand([3, 1, 40, 130]),
            "a dimension between" => drawn.unsqueeze(1).expand([40, 3, 130]),
            "a part" => drawn.narrow(1, 1, 128).expand([2, 40, 128]),
            _ => drawn.narrow(0, 3, 1).expand([50, 130]),
        };
        using var x = (rand(target.shape, generator: generator) * 0.9) + 0.05;
        using var weight = rand(target.shape, generator: generator);
        var (values, gradient) = Run(target);
        var (expected, slope) = Run(target.clone().contiguous());
        Assert.Equal(expected.data<float>().ToArray(), values.data<float>().ToArray());
        Assert.Equal(slope.data<float>().ToArray(), gradient.data<float>().ToArray());

        (Tensor Values, Tensor Gradient) Run(Tensor t)
        {
            var leaf = x.detach().requires_grad_(true);
            var y = _losses[loss](leaf, t, reduction);
            return (y.detach(), autograd.grad([(y * weight).sum()], [leaf])[0]);
        }
    }
}

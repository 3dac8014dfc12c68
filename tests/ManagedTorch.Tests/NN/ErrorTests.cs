using System.Runtime.InteropServices;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Latent.ManagedTorch.Tests.NN;

/// <summary>Shapes and types that don't fit are refused with both shapes in the message.</summary>
public class ErrorTests
{
    private static readonly Dictionary<string, (Action Action, string[] Parts)> _mistakes = new()
    {
        ["linear"] = (() => F.linear(ones(2, 3), ones(4, 5)), ["[2, 3]", "[4, 5]"]),
        ["linear's bias"] = (() => F.linear(ones(2, 5), ones(4, 5), ones(3)), ["[4, 5]", "[3]"]),
        ["conv2d"] = (() => F.conv2d(ones(1, 3, 8, 8), ones(4, 2, 3, 3)), ["[1, 3, 8, 8]", "[4, 2, 3, 3]"]),
        ["conv2d's kernel"] = (() => F.conv2d(ones(1, 2, 2, 2), ones(4, 2, 3, 3)), ["(2 x 2)", "(3 x 3)"]),
        ["conv2d's bias"] = (() => F.conv2d(ones(1, 2, 8, 8), ones(4, 2, 3, 3), ones(5)), ["[4, 2, 3, 3]", "[5]"]),
        ["conv_transpose2d"] = (() => F.conv_transpose2d(ones(1, 3, 4, 4), ones(2, 4, 3, 3)), ["[1, 3, 4, 4]", "[2, 4, 3, 3]"]),
        ["output padding"] = (() => F.conv_transpose2d(ones(1, 2, 4, 4), ones(2, 4, 3, 3), output_padding: [1, 1]), ["output padding"]),
        ["max_pool2d"] = (() => F.max_pool2d(ones(1, 1, 2, 2), 3), ["[1, 1, 2, 2]", "3"]),
        ["batch_norm"] = (() => F.batch_norm(ones(2, 3), null, null, ones(4), training: true), ["[2, 3]", "[4]"]),
        ["mse_loss"] = (() => F.mse_loss(ones(2, 3), ones(2, 4)), ["[2, 3]", "[2, 4]"]),
        ["cross entropy"] = (() => F.binary_cross_entropy(ones(2, 3), ones(3, 2)), ["[2, 3]", "[3, 2]"]),
        ["cross entropy with logits"] = (() => F.binary_cross_entropy_with_logits(ones(2, 3), ones(6)), ["[2, 3]", "[6]"]),
        ["probabilities"] = (() => F.binary_cross_entropy(full(2, 1.5f), ones(2)), ["between 0 and 1"]),
    };

    public static TheoryData<string> Mistakes => new(_mistakes.Keys);

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void What_does_not_fit_is_refused_with_both_shapes(string name)
    {
        var error = Assert.Throws<ExternalException>(_mistakes[name].Action);
        Assert.All(_mistakes[name].Parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Layers_check_the_number_of_dimensions_and_channels_of_their_inputs()
    {
        Assert.Throws<ArgumentException>(() => nn.Conv2d(3, 4, 3).call(ones(1, 2, 8, 8)));
        Assert.Throws<ArgumentException>(() => nn.ConvTranspose2d(3, 4, 3).call(ones(8, 8)));
        Assert.Throws<ArgumentException>(() => nn.BatchNorm2d(3).call(ones(4, 3)));
        Assert.Throws<ArgumentException>(() => nn.BatchNorm1d(3).call(ones(4, 3, 2, 2)));
    }
}

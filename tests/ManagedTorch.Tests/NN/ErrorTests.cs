using System.Runtime.InteropServices;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Latent.ManagedTorch.Tests.NN;

/// <summary>Shapes and types that don't fit are refused with both shapes in the message.</summary>
public class ErrorTests
{
    private static readonly Dictionary<string, (Action Action, string[] Parts)> _mistakes = new()
    {
        ["linear"] = (() => nn.Linear(5, 4).call(ones(2, 3)), ["[2, 3]", "[4, 5]"]),
        ["conv2d"] = (() => F.conv2d(ones(1, 3, 8, 8), ones(4, 2, 3, 3)), ["[1, 3, 8, 8]", "[4, 2, 3, 3]"]),
        ["conv2d's kernel"] = (() => F.conv2d(ones(1, 2, 2, 2), ones(4, 2, 3, 3)), ["(2 x 2)", "(3 x 3)"]),
        ["conv2d's bias"] = (() => F.conv2d(ones(1, 2, 8, 8), ones(4, 2, 3, 3), ones(5)), ["[4, 2, 3, 3]", "[5]"]),
        ["conv2d's input"] = (() => nn.Conv2d(3, 4, 3).call(ones(8, 8)), ["[8, 8]"]),
        ["conv_transpose2d"] = (() => nn.ConvTranspose2d(2, 4, 3).call(ones(1, 3, 4, 4)), ["[1, 3, 4, 4]", "[2, 4, 3, 3]"]),
        ["output padding"] = (() => nn.ConvTranspose2d(2, 4, 3, output_padding: 1).call(ones(1, 2, 4, 4)), ["output padding"]),
        ["max_pool2d"] = (() => nn.MaxPool2d(3).call(ones(1, 1, 2, 2)), ["[1, 1, 2, 2]", "3"]),
        ["batch_norm"] = (() => nn.BatchNorm1d(4).call(ones(2, 3)), ["[2, 3]", "4"]),
        ["group_norm"] = (() => F.group_norm(ones(2, 3), 2), ["[2, 3]", "2"]),
        ["group_norm's weight"] = (() => F.group_norm(ones(2, 3), 3, ones(4)), ["3", "[4]"]),
        ["mse_loss"] = (() => F.mse_loss(ones(2, 3), ones(2, 4)), ["[2, 3]", "[2, 4]"]),
        ["cross entropy with logits"] = (() => F.binary_cross_entropy_with_logits(ones(2, 3), ones(6)), ["[2, 3]", "[6]"]),
    };

    private static readonly Dictionary<string, Action> _unset = new()
    {
        ["dilation"] = () => nn.Conv2d(3, 4, 3, dilation: 2),
        ["groups"] = () => nn.ConvTranspose2d(4, 4, 3, groups: 2),
        ["padding_mode"] = () => nn.Conv2d(3, 4, 3, padding_mode: PaddingModes.Reflect),
        ["ceil_mode"] = () => nn.MaxPool2d(2, ceil_mode: true),
        ["count_include_pad"] = () => nn.AvgPool2d(2, count_include_pad: false),
        ["affine"] = () => nn.BatchNorm1d(3, affine: false),
        ["inplace"] = () => nn.ReLU(inplace: true),
        ["pos_weights"] = () => F.binary_cross_entropy_with_logits(ones(1), ones(1), pos_weights: ones(1)),
        ["amsgrad"] = () => optim.Adam([nn.Parameter(ones(1))], amsgrad: true),
        ["nesterov"] = () => optim.SGD([nn.Parameter(ones(1))], 0.1, momentum: 0.9, nesterov: true),
        ["centered"] = () => optim.RMSProp([nn.Parameter(ones(1))], centered: true),
        ["norm_type"] = () => nn.utils.clip_grad_norm_([nn.Parameter(ones(1))], 1, 1),
        ["create_graph"] = () => autograd.grad([ones(1)], [ones(1)], create_graph: true),
    };

    public static TheoryData<string> Mistakes => new(_mistakes.Keys);

    public static TheoryData<string> Unset => new(_unset.Keys);

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void What_does_not_fit_is_refused_with_both_shapes(string name)
    {
        var error = Assert.Throws<ExternalException>(_mistakes[name].Action);
        Assert.All(_mistakes[name].Parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Unset))]
    public void What_no_recipe_sets_is_refused_by_name(string parameter) =>
        Assert.Contains(parameter, Assert.Throws<NotSupportedException>(_unset[parameter]).Message, StringComparison.Ordinal);

    [Fact]
    public void Layers_check_the_number_of_dimensions_of_their_inputs()
    {
        Assert.Throws<ArgumentException>(() => nn.BatchNorm2d(3).call(ones(4, 3)));
        Assert.Throws<ArgumentException>(() => nn.BatchNorm1d(3).call(ones(4, 3, 2, 2)));
    }
}

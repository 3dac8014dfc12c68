using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Models.Layers;

/// <summary>Defines convolutions of [batch, channels, height, width]; PyTorch's weight layouts are ONNX's.</summary>
internal static class ConvolutionLayers
{
    public static readonly LayerKind Conv2d = new(
        (l, input) => nn.Conv2d(input[0], l.Out!.Value, (long)l.Kernel!.Value, l.Stride ?? 1, l.Padding ?? 0, bias: l.Bias ?? true),
        w =>
        {
            var convolution = (Conv2d)w.Module;
            return Write(w, "Conv", "conv2d", convolution.weight!, convolution.bias);
        }
    );

    public static readonly LayerKind ConvTranspose2d = new(
        (l, input) =>
            nn.ConvTranspose2d(
                input[0],
                l.Out!.Value,
                (long)l.Kernel!.Value,
                l.Stride ?? 1,
                l.Padding ?? 0,
                l.OutputPadding ?? 0,
                bias: l.Bias ?? true
            ),
        w =>
        {
            var convolution = (ConvTranspose2d)w.Module;
            return Write(
                w,
                "ConvTranspose",
                "convTranspose2d",
                convolution.weight!,
                convolution.bias,
                ("output_padding", Pair(w.Layer.OutputPadding ?? 0))
            );
        }
    );

    private static string Write(LayerWriting w, string op, string kind, Tensor weight, Tensor? bias, params (string, object)[] more)
    {
        var inputs = new List<string> { w.Input, w.Graph.Weight($"{w.Name}.weight", weight) };
        if (bias is not null)
            inputs.Add(w.Graph.Weight($"{w.Name}.bias", bias));
        var (kernel, padding) = (w.Layer.Kernel!.Value, w.Layer.Padding ?? 0);
        return w.Graph.Add(
            op,
            $"{w.Name}.{kind}",
            inputs,
            [
                ("kernel_shape", Pair(kernel)),
                ("strides", Pair(w.Layer.Stride ?? 1)),
                ("pads", (long[])[.. Pair(padding), .. Pair(padding)]),
                .. more,
            ]
        );
    }

    private static long[] Pair(int value) => [value, value];
}

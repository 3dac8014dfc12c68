using static TorchSharp.torch;

namespace Latent.Models.Layers;

/// <summary>Defines pooling of [batch, channels, height, width]; the stride is the kernel unless stated otherwise.</summary>
internal static class PoolingLayers
{
    public static readonly LayerKind MaxPool2d = new(
        (l, _) => nn.MaxPool2d((long)l.Kernel!.Value, (long)(l.Stride ?? l.Kernel!.Value), (long)(l.Padding ?? 0)),
        w => Write(w, "MaxPool", "maxPool2d")
    );

    public static readonly LayerKind AvgPool2d = new(
        (l, _) => nn.AvgPool2d((long)l.Kernel!.Value, (long)(l.Stride ?? l.Kernel!.Value), (long)(l.Padding ?? 0)),
        w => Write(w, "AveragePool", "avgPool2d", ("count_include_pad", 1))
    );

    private static string Write(LayerWriting w, string op, string kind, params (string, object)[] more)
    {
        long kernel = w.Layer.Kernel!.Value,
            stride = w.Layer.Stride ?? kernel,
            padding = w.Layer.Padding ?? 0;
        long[] kernels = [kernel, kernel],
            strides = [stride, stride],
            pads = [padding, padding, padding, padding];
        return w.Graph.Add(op, $"{w.Name}.{kind}", [w.Input], [("kernel_shape", kernels), ("strides", strides), ("pads", pads), .. more]);
    }
}

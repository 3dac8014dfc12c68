using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Latent.Models.Layers;

/// <summary>Defines batch normalization; a graph contains the running statistics of training.</summary>
internal static class BatchNormLayers
{
    public static readonly LayerKind BatchNorm1d = new(
        (_, input) => nn.BatchNorm1d(input[0]),
        w =>
        {
            var norm = (BatchNorm1d)w.Module;
            return Write(w, "batchNorm1d", norm.weight!, norm.bias!, norm.running_mean!, norm.running_var!);
        }
    );

    public static readonly LayerKind BatchNorm2d = new(
        (_, input) => nn.BatchNorm2d(input[0]),
        w =>
        {
            var norm = (BatchNorm2d)w.Module;
            return Write(w, "batchNorm2d", norm.weight!, norm.bias!, norm.running_mean!, norm.running_var!);
        }
    );

    private static string Write(LayerWriting w, string kind, Tensor weight, Tensor bias, Tensor mean, Tensor variance) =>
        w.Graph.Add(
            "BatchNormalization",
            $"{w.Name}.{kind}",
            [
                w.Input,
                w.Graph.Weight($"{w.Name}.weight", weight),
                w.Graph.Weight($"{w.Name}.bias", bias),
                w.Graph.Weight($"{w.Name}.running_mean", mean),
                w.Graph.Weight($"{w.Name}.running_var", variance),
            ],
            ("epsilon", 1e-5f)
        );
}

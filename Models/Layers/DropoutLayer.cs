using static TorchSharp.torch;

namespace Latent.Models.Layers;

/// <summary>Defines dropout, which scales while training, so that inference, and with it a graph, has nothing to do.</summary>
internal static class DropoutLayer
{
    public static readonly LayerKind Kind = new((layer, _) => nn.Dropout(layer.P!.Value), w => w.Input);
}

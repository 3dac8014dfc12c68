using static TorchSharp.torch;

namespace Latent.Models.Layers;

/// <summary>Clips values to [min, max].</summary>
internal sealed class HardTanh(double min, double max) : nn.Module<Tensor, Tensor>(nameof(HardTanh))
{
    public override Tensor forward(Tensor x) => x.clamp(min, max);
}

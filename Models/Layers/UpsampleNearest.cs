using static TorchSharp.torch;

namespace Latent.Models.Layers;

/// <summary>Repeats every pixel of [batch, channels, height, width] down and across.</summary>
internal sealed class UpsampleNearest(int factor) : nn.Module<Tensor, Tensor>(nameof(UpsampleNearest))
{
    public override Tensor forward(Tensor x)
    {
        var (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
        return x.reshape(n, c, h, 1, w, 1).expand(n, c, h, factor, w, factor).reshape(n, c, h * factor, w * factor);
    }
}

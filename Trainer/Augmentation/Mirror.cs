using Latent.Contracts.Bundles;
using static TorchSharp.torch;

namespace Latent.Trainer.Augmentation;

/// <summary>Mirrored images.</summary>
public static class Mirror
{
    /// <summary>Each image mirrored left to right; the order of the images stays.</summary>
    /// <param name="rows">[n, features] or [n, channels, height, width].</param>
    /// <param name="image">How a row makes an image.</param>
    /// <returns>Of the same shape.</returns>
    public static Tensor LeftToRight(Tensor rows, ImageDescription image) =>
        rows.reshape(-1, image.Channels, image.Height, image.Width).flip(3).reshape(rows.shape);
}

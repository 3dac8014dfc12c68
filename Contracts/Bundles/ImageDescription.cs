namespace Latent.Contracts.Bundles;

/// <summary>Describes how the values of a row make an image, channel by channel, row by row from the top.</summary>
/// <param name="Channels">1 (grey) or 3 (red, green, blue).</param>
/// <param name="Height">Pixels.</param>
/// <param name="Width">Pixels.</param>
public sealed record ImageDescription(int Channels, int Height, int Width)
{
    /// <summary>How files and images of another size are brought to this one.</summary>
    /// <value>The default is <see cref="ResizeKind.Stretch"/>.</value>
    public ResizeKind Resize { get; init; } = ResizeKind.Stretch;

    /// <summary>What lies under files and images that are transparent, and around those that are fitted.</summary>
    /// <value>The default is <see cref="BackgroundKind.White"/>.</value>
    public BackgroundKind Background { get; init; } = BackgroundKind.White;
}

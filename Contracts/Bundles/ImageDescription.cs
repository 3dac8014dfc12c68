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

/// <summary>Specifies the colour under a transparent image and around an image that is fitted.</summary>
public enum BackgroundKind
{
    /// <summary>White: 255 in every channel.</summary>
    White,

    /// <summary>Black: 0 in every channel.</summary>
    Black,
}

/// <summary>Specifies how an image of another size is resized to the model's.</summary>
public enum ResizeKind
{
    /// <summary>Scales height and width each by its own factor.</summary>
    Stretch,

    /// <summary>Scales the whole image by one factor, with the background around it.</summary>
    Fit,

    /// <summary>Scales by one factor so that nothing stays empty; what extends beyond two sides is cut off equally.</summary>
    Crop,
}

namespace Latent.Contracts.Bundles;

/// <summary>Specifies the colour under a transparent image and around an image that is fitted.</summary>
public enum BackgroundKind
{
    /// <summary>White: 255 in every channel.</summary>
    White,

    /// <summary>Black: 0 in every channel.</summary>
    Black,
}

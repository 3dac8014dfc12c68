namespace Latent.Contracts.Bundles;

/// <summary>What lies under an image that is transparent, and around one that is fitted.</summary>
public enum BackgroundKind
{
    /// <summary>255 in every channel.</summary>
    White,

    /// <summary>0 in every channel.</summary>
    Black,
}

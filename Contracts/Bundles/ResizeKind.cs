namespace Latent.Contracts.Bundles;

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

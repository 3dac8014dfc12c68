namespace Latent.Contracts.Bundles;

/// <summary>How an image of another size is brought to the model's.</summary>
public enum ResizeKind
{
    /// <summary>Height and width each by its own factor.</summary>
    Stretch,

    /// <summary>Whole, by one factor, with the background around it.</summary>
    Fit,

    /// <summary>By one factor so that nothing stays empty; what sticks out at two sides is cut off alike.</summary>
    Crop,
}

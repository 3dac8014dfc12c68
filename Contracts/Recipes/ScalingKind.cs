namespace Latent.Contracts.Recipes;

/// <summary>Specifies the conversion from raw values to model units.</summary>
public enum ScalingKind
{
    /// <summary>Pixels 0–255 to [0, 1].</summary>
    Unit,

    /// <summary>Each column less its mean, divided by its standard deviation (training rows').</summary>
    Standard,

    /// <summary>Each column from its least and greatest training value to [0, 1].</summary>
    MinMax,

    /// <summary>As they are.</summary>
    None,
}

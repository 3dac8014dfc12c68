namespace Latent.Contracts.Layers;

/// <summary>Specifies what a kind of layer takes.</summary>
internal enum LayerInput
{
    /// <summary>Single values: rows of any shape, which they keep.</summary>
    Values,

    /// <summary>Whole rows of any shape.</summary>
    Rows,

    /// <summary>Flat rows, [features].</summary>
    Features,

    /// <summary>Images, [channels, height, width].</summary>
    Images,
}

namespace Latent.Contracts.Recipes;

/// <summary>Describes how weights are initialized.</summary>
public sealed record InitializationRecipe
{
    /// <summary>
    /// Folder of a bundle with the same layers; --from sets it. Training starts from its weights, in the scaling that they were learned
    /// with, whatever the other keys say. Null: weights are drawn.
    /// </summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? Bundle { get; init; }

    /// <summary>Which distribution.</summary>
    /// <value>The default is <see cref="InitializationKind.Default"/>.</value>
    public InitializationKind Kind { get; init; } = InitializationKind.Default;

    /// <summary>Sets the decoder's output bias to the logit of the training mean, clipped to [0.001, 0.999].</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool OutputBiasFromMean { get; init; }
}

/// <summary>Specifies the distribution of initial weights.</summary>
public enum InitializationKind
{
    /// <summary>PyTorch's own: uniform in ±1/√(fan in).</summary>
    Default,

    /// <summary>Glorot and Bengio's uniform; biases 0.</summary>
    GlorotUniform,

    /// <summary>Normal with variance 2/(fan in); biases 0.</summary>
    HeNormal,

    /// <summary>Normal with standard deviation 2/√(fan in); biases 0.</summary>
    TwoOverSqrtFanIn,
}

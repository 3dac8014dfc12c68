using System.ComponentModel.DataAnnotations;

namespace Latent.Contracts.Recipes;

/// <summary>
/// Describes a second stochastic layer z₂ above the code z₁, with p(z₁, z₂) = p(z₁|z₂) p(z₂). The model's code is both, z₁ first. All
/// normal distributions have their mean and spread from linear layers, as <see cref="LatentRecipe.Head"/> says.
/// </summary>
public sealed record UpperRecipe
{
    /// <summary>Length of z₂.</summary>
    [Range(1, LatentRecipe.MaxDimension)]
    public required int Dimension { get; init; }

    /// <summary>Which layer is inferred first, and what the encoder and the decoder of the recipe take.</summary>
    /// <value>The default is <see cref="InferenceOrder.BottomUp"/>.</value>
    public InferenceOrder Inference { get; init; } = InferenceOrder.BottomUp;

    /// <summary>Layers from z₁ (bottomUp) or from the row (topDown) to the heads of z₂.</summary>
    /// <value>The default is an empty list.</value>
    public IReadOnlyList<LayerRecipe> Encoder { get; init; } = [];

    /// <summary>Layers from z₂ to the heads of p(z₁|z₂).</summary>
    /// <value>The default is an empty list.</value>
    public IReadOnlyList<LayerRecipe> Decoder { get; init; } = [];
}

/// <summary>Specifies which of two stochastic layers is inferred first.</summary>
public enum InferenceOrder
{
    /// <summary>
    /// q(z₁|x) q(z₂|z₁) and p(x|z₁): the encoder takes the row, and the decoder z₁ (Burda et al. 2016, eq. 5 and section 5.1).
    /// </summary>
    BottomUp,

    /// <summary>
    /// q(z₂|x) q(z₁|x, z₂) and p(x|z₁, z₂): the encoder takes the row and z₂ after it, and the decoder z₁ and z₂ after it (Tomczak and
    /// Welling 2018, eq. 11 and 12).
    /// </summary>
    TopDown,
}

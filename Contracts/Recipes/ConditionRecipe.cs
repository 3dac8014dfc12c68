using System.ComponentModel.DataAnnotations;

namespace Latent.Contracts.Recipes;

/// <summary>
/// Describes what rows are conditioned on: their labels, which enter encoder and decoder, so that the model is p(x|y) (Sohn, Lee and Yan
/// 2015).
/// </summary>
public sealed record ConditionRecipe
{
    /// <summary>Number of labels, which the data must have.</summary>
    [Range(2, MaxClasses)]
    public required int Classes { get; init; }

    internal const int MaxClasses = 4096;
}

using System.ComponentModel.DataAnnotations;

namespace Latent.Contracts.Recipes;

/// <summary>Holds the sizes of a distribution over codes, a prior or a sampler; which keys apply depends on its kind.</summary>
public abstract record CodeDistributionRecipe
{
    /// <summary>mixture: number of normal distributions (default 100).</summary>
    /// <value>The default is <see langword="null"/>, which stands for 100.</value>
    [Range(2, 100_000)]
    public int? Components { get; init; }

    /// <summary>vampPrior and vamp: number of learned pseudo-inputs (default 500).</summary>
    /// <value>The default is <see langword="null"/>, which stands for 500.</value>
    [Range(2, 100_000)]
    public int? PseudoInputs { get; init; }

    /// <summary>realNvp and maf: number of transformations, one after the other (default 4).</summary>
    /// <value>The default is <see langword="null"/>, which stands for 4.</value>
    [Range(1, 64)]
    public int? Steps { get; init; }

    /// <summary>realNvp, maf and twoStage: width of the hidden layers of each network (default 100).</summary>
    /// <value>The default is <see langword="null"/>, which stands for 100.</value>
    [Range(1, 1 << 16)]
    public int? Hidden { get; init; }
}

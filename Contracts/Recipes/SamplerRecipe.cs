using System.ComponentModel.DataAnnotations;

namespace Latent.Contracts.Recipes;

/// <summary>
/// Describes a distribution of codes that is fitted to those of the training rows once training has ended. New rows are generated from it,
/// and likelihoods are estimated under it, while training and scores keep the prior. Which keys apply depends on <see cref="Kind"/>.
/// </summary>
public sealed record SamplerRecipe : CodeDistributionRecipe
{
    /// <summary>Which distribution.</summary>
    public required SamplerKind Kind { get; init; }

    /// <summary>
    /// All but gaussian: number of epochs over the codes; fitting ends before if validation codes stop becoming likelier.
    /// </summary>
    /// <value>The default is 50.</value>
    [Range(1, 100_000)]
    public int Epochs { get; init; } = 50;
}

/// <summary>Specifies the distribution that a sampler fits to codes.</summary>
public enum SamplerKind
{
    /// <summary>A normal distribution with the mean and the full covariance of the codes.</summary>
    Gaussian,

    /// <summary>A mixture of normal distributions with diagonal covariance.</summary>
    Mixture,

    /// <summary>
    /// Mixture of the encoder's distributions for pseudo-inputs, which begin as training rows (Tomczak and Welling 2018, eq. 9).
    /// </summary>
    Vamp,

    /// <summary>N(0, I) transformed by affine coupling layers (Dinh et al. 2017).</summary>
    RealNvp,

    /// <summary>N(0, I) transformed by masked autoregressive layers (Papamakarios et al. 2017).</summary>
    Maf,

    /// <summary>A second variational autoencoder, of the codes (Dai and Wipf 2019, section 3).</summary>
    TwoStage,
}

using System.ComponentModel.DataAnnotations;

namespace Latent.Contracts.Recipes;

/// <summary>Describes the likelihood p(x|z), whose negative logarithm is the reconstruction term.</summary>
public sealed record LikelihoodRecipe
{
    /// <summary>Which distribution each value of a row has about the decoder's output.</summary>
    public required LikelihoodKind Kind { get; init; }

    /// <summary>Whether the spread is fixed or learned; a bernoulli has none.</summary>
    /// <value>The default is <see cref="SpreadKind.Fixed"/>.</value>
    public SpreadKind Scale { get; init; } = SpreadKind.Fixed;

    /// <summary>
    /// The spread in model units, or the one that learning starts with: standard deviation of a gaussian, b of laplace, s of
    /// discretizedLogistic.
    /// </summary>
    /// <value>The default is <see langword="null"/>, which stands for 0.05 with discretizedLogistic and for 1 with the others.</value>
    [Range(0.001, 1000d)]
    public double? Spread { get; init; }

    /// <summary>Writes the likelihood into the objective as its reconstruction term.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="source">Origin of the recipe, for messages.</param>
    /// <exception cref="LatentException">There is neither a likelihood nor a term, or they differ.</exception>
    internal static Recipe Expand(Recipe recipe, string source)
    {
        var given = recipe.Objective.Reconstruction;
        if (recipe.Likelihood is not { } likelihood)
        {
            if (given == ReconstructionKind.Likelihood && recipe.Kind == Bundles.ModelKind.Denoiser)
            {
                throw new LatentException(
                    $"objective.reconstruction is missing; a denoiser needs meanSquaredError, meanAbsoluteError or huber ({source})."
                );
            }

            return given != ReconstructionKind.Likelihood
                ? recipe
                : throw new LatentException(
                    $"likelihood is missing; it must be an object such as {{ \"kind\": \"bernoulli\" }}, unless objective.reconstruction names the term ({source})."
                );
        }

        var term = likelihood.Kind switch
        {
            LikelihoodKind.Bernoulli => ReconstructionKind.Bernoulli,
            LikelihoodKind.Gaussian => ReconstructionKind.Gaussian,
            LikelihoodKind.Laplace => ReconstructionKind.Laplace,
            _ => ReconstructionKind.DiscretizedLogistic,
        };
        if (given != ReconstructionKind.Likelihood && given != term)
        {
            throw new LatentException(
                $"objective.reconstruction is {RecipeNames.Of(given)}, but likelihood.kind is {RecipeNames.Of(likelihood.Kind)}; one of them must be left out ({source})."
            );
        }

        return recipe with
        {
            Objective = recipe.Objective with { Reconstruction = term },
        };
    }
}

/// <summary>Specifies the distribution of a value about the decoder's output.</summary>
public enum LikelihoodKind
{
    /// <summary>0 or 1, with the decoder's output as logits; values between count as a fraction of a 1.</summary>
    Bernoulli,

    /// <summary>Normal.</summary>
    Gaussian,

    /// <summary>Laplace's, exp(-|x - m| / b) / 2b.</summary>
    Laplace,

    /// <summary>One of the 256 levels of a pixel: a logistic distribution's mass between the level's bounds (Kingma et al. 2016).</summary>
    DiscretizedLogistic,
}

/// <summary>Specifies whether a spread is learned.</summary>
public enum SpreadKind
{
    /// <summary>As it is given.</summary>
    Fixed,

    /// <summary>One for all values, learned.</summary>
    Learned,

    /// <summary>One for each value of a row, learned.</summary>
    ByFeature,
}

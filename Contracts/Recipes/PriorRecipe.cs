namespace Latent.Contracts.Recipes;

/// <summary>Describes the prior p(z) over the codes of a variational model; which keys apply depends on <see cref="Kind"/>.</summary>
public sealed record PriorRecipe : CodeDistributionRecipe
{
    /// <summary>Which prior. All but the standard normal are learned together with the model.</summary>
    /// <value>The default is <see cref="PriorKind.StandardNormal"/>.</value>
    public PriorKind Kind { get; init; } = PriorKind.StandardNormal;

    /// <summary>Counts the values that are learned.</summary>
    /// <param name="input">Shape of a row.</param>
    /// <param name="latent">Length of a code.</param>
    internal double Parameters(IReadOnlyList<int> input, int latent)
    {
        double hidden = Hidden ?? 100,
            steps = Steps ?? 4;
        return Kind switch
        {
            PriorKind.Mixture => (Components ?? 100) * (1 + (2d * latent)),
            PriorKind.VampPrior => (PseudoInputs ?? 500) * input.Aggregate(1d, (product, size) => product * size),
            PriorKind.RealNvp => Enumerable.Range(0, (int)steps).Sum(Coupling),
            PriorKind.Maf => steps * (((3 * latent) + 1) * hidden + (2 * latent)),
            _ => 0,
        };

        // The half that a coupling moves takes turns; the first moves the larger one.
        double Coupling(int step)
        {
            var moved = step % 2 == 0 ? latent - (latent / 2) : latent / 2;
            return ((latent - moved + 1) * hidden) + ((hidden + 1) * 2 * moved);
        }
    }
}

/// <summary>Specifies the prior over codes.</summary>
public enum PriorKind
{
    /// <summary>N(0, I).</summary>
    StandardNormal,

    /// <summary>A mixture of normal distributions with diagonal covariance, whose weights, means and variances are learned.</summary>
    Mixture,

    /// <summary>Mixture of the encoder's distributions for pseudo-inputs, which are learned (Tomczak and Welling 2018, eq. 9).</summary>
    VampPrior,

    /// <summary>N(0, I) transformed by affine coupling layers (Dinh et al. 2017).</summary>
    RealNvp,

    /// <summary>N(0, I) transformed by masked autoregressive layers (Papamakarios et al. 2017).</summary>
    Maf,
}

using System.ComponentModel.DataAnnotations;

namespace Latent.Contracts.Recipes;

/// <summary>Describes what is minimized.</summary>
public sealed record ObjectiveRecipe
{
    /// <summary>The bound, for variational models; plain autoencoders minimize the reconstruction term alone.</summary>
    /// <value>The default is <see cref="BoundKind.Elbo"/>.</value>
    public BoundKind Bound { get; init; } = BoundKind.Elbo;

    /// <summary>The reconstruction term; left out where likelihood is given.</summary>
    /// <value>The default is <see cref="ReconstructionKind.Likelihood"/>.</value>
    public ReconstructionKind Reconstruction { get; init; } = ReconstructionKind.Likelihood;

    /// <summary>How the term is reduced over the features of a row; rows are always averaged.</summary>
    /// <value>The default is <see cref="ReductionKind.Sum"/>.</value>
    public ReductionKind Reduction { get; init; } = ReductionKind.Sum;

    /// <summary>Samples of z a row, K.</summary>
    /// <value>The default is 1.</value>
    [Range(1, 1 << 20)]
    public int Samples { get; init; } = 1;

    /// <summary>miwae and piwae: how many groups of K samples there are, M (default 1).</summary>
    /// <value>The default is <see langword="null"/>, which stands for 1.</value>
    [Range(1, 1 << 20)]
    public int? OuterSamples { get; init; }

    /// <summary>ciwae: weight of the ELBO, from 0 to 1; the importance-weighted bound has the rest (default 0.05).</summary>
    /// <value>The default is <see langword="null"/>, which stands for 0.05.</value>
    [Range(0d, 1d)]
    public double? ElboWeight { get; init; }

    /// <summary>
    /// iwae and dreg: how many of the K samples the gradient is taken through, chosen by their normalized weights; 0: all.
    /// </summary>
    /// <value>The default is 0.</value>
    [Range(0, 1 << 20)]
    public int GradientSamples { get; init; }

    /// <summary>Weight of the KL term (β).</summary>
    /// <value>The default is 1.</value>
    [Range(0d, 1e12)]
    public double Beta { get; init; } = 1;

    /// <summary>Epochs over which β grows linearly from 0; 0: none.</summary>
    /// <value>The default is 0.</value>
    [Range(0d, 1e12)]
    public double WarmUpEpochs { get; init; }

    /// <summary>Least KL of a latent dimension that is paid for, in nats, averaged over the minibatch (free bits); 0: none.</summary>
    /// <value>The default is 0.</value>
    [Range(0d, 1e12)]
    public double FreeBits { get; init; }

    /// <summary>Weight of the total correlation of q(z), beside its part in the KL (Chen et al. 2018): β - 1 of β-TC-VAE.</summary>
    /// <value>The default is 0.</value>
    [Range(0d, 1e12)]
    public double TotalCorrelation { get; init; }

    /// <summary>
    /// Weight of the maximum mean discrepancy of codes from draws of N(0, I) (Tolstikhin et al. 2018; Zhao et al. 2019).
    /// </summary>
    /// <value>The default is 0.</value>
    [Range(0d, 1e12)]
    public double Mmd { get; init; }

    /// <summary>Plain autoencoders: weight of half the squared norm of codes (Ghosh et al. 2020).</summary>
    /// <value>The default is 0.</value>
    [Range(0d, 1e12)]
    public double CodeNorm { get; init; }

    /// <summary>Plain autoencoders: weight of the squared norm of the decoder's derivative by the code (Ghosh et al. 2020).</summary>
    /// <value>The default is 0.</value>
    [Range(0d, 1e12)]
    public double GradientPenalty { get; init; }

    /// <summary>Fraction of a minibatch's rows, those with the largest reconstruction term, that are not learned from, [0, 1).</summary>
    /// <value>The default is 0.</value>
    [Range(0d, 1d, MaximumIsExclusive = true)]
    public double Trim { get; init; }

    /// <summary>Weight of the squared norm of the parameters that <see cref="L2On"/> names.</summary>
    /// <value>The default is 0.</value>
    [Range(0d, 1e12)]
    public double L2 { get; init; }

    /// <summary>Whose parameters <see cref="L2"/> weighs.</summary>
    /// <value>The default is <see cref="NetworkPart.All"/>.</value>
    public NetworkPart L2On { get; init; } = NetworkPart.All;

    /// <summary>Tells whether the reconstruction term is a negative log-likelihood of whole rows, in nats.</summary>
    internal bool IsInNats() =>
        Reconstruction
            is ReconstructionKind.Bernoulli
                or ReconstructionKind.Gaussian
                or ReconstructionKind.Laplace
                or ReconstructionKind.DiscretizedLogistic;
}

/// <summary>Specifies the bound on the likelihood.</summary>
public enum BoundKind
{
    /// <summary>ELBO with the KL in closed form (Kingma and Welling 2014, eq. 10).</summary>
    Elbo,

    /// <summary>ELBO by sampling alone: mean over K of log p(x|z) + log p(z) - log q(z|x).</summary>
    MonteCarloElbo,

    /// <summary>Importance-weighted bound, log-mean-exp over K (Burda et al. 2016, eq. 8).</summary>
    Iwae,

    /// <summary>Its doubly reparameterized gradient (Tucker et al. 2019, eq. 8).</summary>
    Dreg,

    /// <summary>Mean of M importance-weighted bounds of K samples each (Rainforth et al. 2018, eq. 13).</summary>
    Miwae,

    /// <summary>The same for the encoder, and one bound of all M·K samples for decoder and prior (Rainforth et al. 2018, eq. 15).</summary>
    Piwae,

    /// <summary>Combination of the ELBO and the importance-weighted bound (Rainforth et al. 2018, eq. 14).</summary>
    Ciwae,
}

/// <summary>Specifies the reconstruction term.</summary>
public enum ReconstructionKind
{
    /// <summary>Squared error on model units.</summary>
    MeanSquaredError,

    /// <summary>Absolute error on model units.</summary>
    MeanAbsoluteError,

    /// <summary>Squared error up to 1, linear beyond (Huber 1964), on model units.</summary>
    Huber,

    /// <summary>Negative log-likelihood of each column of a table by its own distribution; see data.table.</summary>
    Columns,

    /// <summary>Binary cross-entropy of logits, in nats.</summary>
    Bernoulli,

    /// <summary>Negative log-density of a normal distribution on model units, in nats.</summary>
    Gaussian,

    /// <summary>Negative log-density of Laplace's distribution on model units, in nats.</summary>
    Laplace,

    /// <summary>Negative log-probability of a pixel's level by a discretized logistic distribution, in nats.</summary>
    DiscretizedLogistic,

    /// <summary>What the recipe's likelihood says.</summary>
    Likelihood,
}

/// <summary>Specifies how the reconstruction term is reduced over the features of a row.</summary>
public enum ReductionKind
{
    /// <summary>Summed.</summary>
    Sum,

    /// <summary>Averaged.</summary>
    Mean,
}

/// <summary>Specifies a part of a model.</summary>
public enum NetworkPart
{
    /// <summary>Encoder and heads.</summary>
    Encoder,

    /// <summary>Decoder.</summary>
    Decoder,

    /// <summary>Prior, as far as it is learned.</summary>
    Prior,

    /// <summary>All of them.</summary>
    All,
}

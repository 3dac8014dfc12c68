using System.ComponentModel.DataAnnotations;

namespace Latent.Contracts.Recipes;

/// <summary>Describes what is minimized.</summary>
public sealed record ObjectiveRecipe
{
    /// <summary>The bound, for variational models; plain autoencoders minimize the reconstruction term alone.</summary>
    /// <value>The default is <see cref="BoundKind.Elbo"/>.</value>
    public BoundKind Bound { get; init; } = BoundKind.Elbo;

    /// <summary>The reconstruction term.</summary>
    public required ReconstructionKind Reconstruction { get; init; }

    /// <summary>How the term is reduced over the features of a row; rows are always averaged.</summary>
    /// <value>The default is <see cref="ReductionKind.Sum"/>.</value>
    public ReductionKind Reduction { get; init; } = ReductionKind.Sum;

    /// <summary>Samples of z a row, K.</summary>
    /// <value>The default is 1.</value>
    [Range(1, 1 << 20)]
    public int Samples { get; init; } = 1;

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

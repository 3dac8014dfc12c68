using System.ComponentModel.DataAnnotations;

namespace Latent.Contracts.Recipes;

/// <summary>Describes the code.</summary>
public sealed record LatentRecipe
{
    /// <summary>Length of a code; 0 for a denoiser, which has none.</summary>
    [Range(0, MaxDimension)]
    public required int Dimension { get; init; }

    /// <summary>How the second head states the spread of q(z|x); ignored by plain autoencoders.</summary>
    /// <value>The default is <see cref="VarianceParameterization.LogVariance"/>.</value>
    public VarianceParameterization Head { get; init; } = VarianceParameterization.LogVariance;

    /// <summary>Plain autoencoders: activation after the code's linear layer; null: none.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public LayerType? Activation { get; init; }

    /// <summary>Plain autoencoders: false takes the encoder's last layer as the code, without a linear layer of its own.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool Linear { get; init; } = true;

    /// <summary>The posterior q(z|x), for variational models.</summary>
    /// <value>The default is a <see cref="PosteriorRecipe"/> with its own defaults.</value>
    public PosteriorRecipe Posterior { get; init; } = new();

    /// <summary>A codebook that the code is taken from, for plain autoencoders; null: none.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public CodebookRecipe? Codebook { get; init; }

    /// <summary>A second stochastic layer above the code, for variational models; null: none.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public UpperRecipe? Upper { get; init; }

    /// <summary>Least ln σ² of q(z|x); smaller ones are clipped.</summary>
    /// <value>The default is -30.</value>
    [Range(-30d, 20d)]
    public double MinLogVariance { get; init; } = -30;

    /// <summary>Greatest ln σ² of q(z|x); greater ones are clipped.</summary>
    /// <value>The default is 20.</value>
    [Range(-30d, 20d)]
    public double MaxLogVariance { get; init; } = 20;

    internal const int MaxDimension = 1 << 20;

    internal static readonly LatentRecipe None = new() { Dimension = 0 };

    /// <summary>Tells whether q(z|x) is a normal distribution, of whose parameters alone codes can be drawn.</summary>
    public bool HasNormalPosterior() => Posterior.Kind == PosteriorKind.Normal && Upper is null;
}

/// <summary>Specifies how the second head states the spread of q(z|x).</summary>
public enum VarianceParameterization
{
    /// <summary>ln σ².</summary>
    LogVariance,

    /// <summary>ln σ.</summary>
    LogSigma,

    /// <summary>σ = softplus(h) + 1e-6.</summary>
    Softplus,
}

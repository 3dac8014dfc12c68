using System.ComponentModel.DataAnnotations;

namespace Latent.Contracts.Recipes;

/// <summary>Describes the optimizer.</summary>
public sealed record OptimizerRecipe
{
    /// <summary>Which method.</summary>
    /// <value>The default is <see cref="OptimizerKind.Adam"/>.</value>
    public OptimizerKind Kind { get; init; } = OptimizerKind.Adam;

    /// <summary>Learning rate, above 0 and at most 1000.</summary>
    /// <value>The default is 0.001.</value>
    [Range(0d, 1000d, MinimumIsExclusive = true)]
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Adam, AdamW: decay of the first moment.</summary>
    /// <value>The default is 0.9.</value>
    [Range(0d, 1d, MaximumIsExclusive = true)]
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Adam, AdamW: decay of the second moment.</summary>
    /// <value>The default is 0.999.</value>
    [Range(0d, 1d, MaximumIsExclusive = true)]
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Adam, AdamW, RMSprop: added to the denominator.</summary>
    /// <value>The default is 0.00000001.</value>
    [Range(0d, 1000d, MinimumIsExclusive = true)]
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>RMSprop: smoothing constant.</summary>
    /// <value>The default is 0.99.</value>
    [Range(0d, 1d, MaximumIsExclusive = true)]
    public double Alpha { get; init; } = 0.99;

    /// <summary>SGD, RMSprop: momentum.</summary>
    /// <value>The default is 0.</value>
    [Range(0d, 1d, MaximumIsExclusive = true)]
    public double Momentum { get; init; }

    /// <summary>Weight decay; decoupled in AdamW, added to the gradient in the others.</summary>
    /// <value>The default is 0.</value>
    [Range(0d, 1000d)]
    public double WeightDecay { get; init; }

    /// <summary>Largest norm of the whole gradient; null: not clipped.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(0d, 1e12, MinimumIsExclusive = true)]
    public double? ClipNorm { get; init; }
}

/// <summary>Specifies the method of optimization.</summary>
public enum OptimizerKind
{
    /// <summary>Adam (Kingma and Ba 2015).</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay.</summary>
    AdamW,

    /// <summary>RMSprop.</summary>
    RmsProp,

    /// <summary>Stochastic gradient descent.</summary>
    Sgd,
}

using System.ComponentModel.DataAnnotations;
using Latent.Contracts.Bundles;

namespace Latent.Contracts.Recipes;

/// <summary>
/// Represents everything that decides a training run, as stated in a recipe file. Unset keys take the defaults given here.
/// </summary>
public sealed record Recipe
{
    /// <summary>Name in lower-case-with-hyphens; also the bundle's folder.</summary>
    public required string Name { get; init; }

    /// <summary>What a newcomer should know: the model, the data, where it was published, what it reaches.</summary>
    /// <value>The default is the empty string.</value>
    public string Description { get; init; } = "";

    /// <summary>What the list of recipes says of it.</summary>
    /// <value>The default is an <see cref="AboutRecipe"/> with its own defaults.</value>
    public AboutRecipe About { get; init; } = new();

    /// <summary>Whether codes are points or distributions, or there are none.</summary>
    public required ModelKind Kind { get; init; }

    /// <summary>Where rows come from and how they are prepared.</summary>
    public required DataRecipe Data { get; init; }

    /// <summary>What is done to the input, but not to the target, at every minibatch.</summary>
    /// <value>The default is a <see cref="NoiseRecipe"/> with its own defaults.</value>
    public NoiseRecipe Noise { get; init; } = new();

    /// <summary>
    /// Layers from the input to the last hidden layer; the heads follow from <see cref="Latent"/>. Of a denoiser, all layers: from the
    /// noisy image to the clean one or to the noise.
    /// </summary>
    /// <value>The default is an empty list.</value>
    public IReadOnlyList<LayerRecipe> Encoder { get; init; } = [];

    /// <summary>The code; a denoiser has none.</summary>
    /// <value>The default is a code of length 0, which only a denoiser may have.</value>
    public LatentRecipe Latent { get; init; } = LatentRecipe.None;

    /// <summary>The prior over codes, for variational models.</summary>
    /// <value>The default is a <see cref="PriorRecipe"/> with its own defaults.</value>
    public PriorRecipe Prior { get; init; } = new();

    /// <summary>
    /// Layers from the code to the output, in model units. Of a Bernoulli likelihood the output is logits: leave the final sigmoid out.
    /// </summary>
    /// <value>The default is an empty list.</value>
    public IReadOnlyList<LayerRecipe> Decoder { get; init; } = [];

    /// <summary>A convolutional network in four numbers, in place of encoder and decoder; null once those are spelled out.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public ConvolutionRecipe? Convolution { get; init; }

    /// <summary>The likelihood p(x|z); objective.reconstruction may name the term instead.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public LikelihoodRecipe? Likelihood { get; init; }

    /// <summary>
    /// Members of an ensemble: models with these layers and weights of their own, trained side by side, whose outputs and errors are
    /// averaged. 1: a single model.
    /// </summary>
    /// <value>The default is 1.</value>
    [Range(1, MaxEnsemble)]
    public int Ensemble { get; init; } = 1;

    /// <summary>What rows are conditioned on.</summary>
    /// <value>The default is <see langword="null"/>: labels are not used in training.</value>
    public ConditionRecipe? Condition { get; init; }

    /// <summary>What is fitted to the codes once training has ended, to generate rows from.</summary>
    /// <value>The default is <see langword="null"/>: rows are generated from the prior.</value>
    public SamplerRecipe? Sampler { get; init; }

    /// <summary>What is minimized.</summary>
    /// <value>The default is an <see cref="ObjectiveRecipe"/> with its own defaults.</value>
    public ObjectiveRecipe Objective { get; init; } = new();

    /// <summary>What the anomaly score of a table's rows is made of; others have the reconstruction term, and the KL added.</summary>
    /// <value>The default is a <see cref="ScoreRecipe"/> with its own defaults.</value>
    public ScoreRecipe Score { get; init; } = new();

    /// <summary>How weights begin.</summary>
    /// <value>The default is an <see cref="InitializationRecipe"/> with its own defaults.</value>
    public InitializationRecipe Initialization { get; init; } = new();

    /// <summary>How steps are taken.</summary>
    /// <value>The default is an <see cref="OptimizerRecipe"/> with its own defaults.</value>
    public OptimizerRecipe Optimizer { get; init; } = new();

    /// <summary>How the learning rate changes.</summary>
    /// <value>The default is a <see cref="ScheduleRecipe"/> with its own defaults.</value>
    public ScheduleRecipe Schedule { get; init; } = new();

    /// <summary>How long, in what portions, and when to stop.</summary>
    /// <value>The default is a <see cref="TrainingRecipe"/> with its own defaults.</value>
    public TrainingRecipe Training { get; init; } = new();

    internal const int MaxEnsemble = 16;

    /// <summary>
    /// Gets the length of the whole model's code: those of both stochastic layers, or of all members of an ensemble, one after the other;
    /// of a codebook, the number of vectors.
    /// </summary>
    public int CodeLength() =>
        Latent.Codebook is { } codebook
            ? Latent.Dimension / Math.Max(1, codebook.Width)
            : (Latent.Dimension + (Latent.Upper?.Dimension ?? 0)) * Ensemble;
}

using System.ComponentModel.DataAnnotations;

namespace Latent.Contracts.Recipes;

/// <summary>Describes how the learning rate changes, epoch by epoch.</summary>
public sealed record ScheduleRecipe
{
    /// <summary>Which schedule.</summary>
    /// <value>The default is <see cref="ScheduleKind.Constant"/>.</value>
    public ScheduleKind Kind { get; init; } = ScheduleKind.Constant;

    /// <summary>step: epochs between changes.</summary>
    /// <value>The default is 10.</value>
    [Range(1, int.MaxValue)]
    public int StepEpochs { get; init; } = 10;

    /// <summary>step, exponential: the factor.</summary>
    /// <value>The default is 0.1.</value>
    [Range(0d, 1d, MinimumIsExclusive = true)]
    public double Gamma { get; init; } = 0.1;

    /// <summary>cosine: the least rate.</summary>
    /// <value>The default is 0.</value>
    [Range(0d, 1000d)]
    public double MinimumRate { get; init; }

    /// <summary>Burda's stages: multiplies the number of passes of each (1: the whole 3,280).</summary>
    /// <value>The default is 1.</value>
    [Range(0d, 1000d, MinimumIsExclusive = true)]
    public double Scale { get; init; } = 1;
}

/// <summary>Specifies the schedule of the learning rate.</summary>
public enum ScheduleKind
{
    /// <summary>Always the same.</summary>
    Constant,

    /// <summary>Times gamma every so many epochs.</summary>
    Step,

    /// <summary>Times gamma every epoch.</summary>
    Exponential,

    /// <summary>Half a cosine, from the rate to the least rate over the epochs.</summary>
    Cosine,

    /// <summary>Burda et al.: stages i = 0…7 of 3^i passes at rate · 10^(-i/7); sets the number of epochs.</summary>
    BurdaStages,
}

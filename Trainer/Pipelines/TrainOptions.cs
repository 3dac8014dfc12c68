using Latent.Contracts.Recipes;
using Latent.Trainer.Runs;

namespace Latent;

/// <summary>Options of <see cref="LatentTrainingExtensions.Train"/>.</summary>
public sealed class TrainOptions
{
    /// <summary>
    /// The network, its objective and how it is trained; see <see cref="RecipeFile"/>. Of its data, <c>image</c>, <c>mirror</c>,
    /// <c>scaling</c>, <c>binarization</c>, <c>groupSize</c>, <c>validation</c> and <c>test</c> count; the rows come from the pipeline, and
    /// <c>trainOnLabel</c> is refused for want of labels.
    /// </summary>
    public required Recipe Recipe { get; set; }

    /// <summary>
    /// The column to learn, a vector of numbers: pixels from 0 to 255 where the recipe has <c>data.image</c>. "Features" by default.
    /// </summary>
    public string InputColumn { get; set; } = "Features";

    /// <summary>Column for the code that the trained transformer adds; "Code" by default.</summary>
    public string OutputColumn { get; set; } = "Code";

    /// <summary>
    /// Where the bundle is left and whether one that is there is trained over, how many threads train, and who is shown how it goes.
    /// </summary>
    public required RunOptions Run { get; set; }

    /// <summary>Gets or sets what trains.</summary>
    /// <value>
    /// The default is <see cref="EngineKind.Auto"/>: the engine named by the variable LATENT_ENGINE, else libtorch where it loads, else the
    /// managed engine.
    /// </value>
    public EngineKind Engine { get; set; }
}

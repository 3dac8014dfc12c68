using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Layers;
using Latent.Contracts.Recipes;

namespace Latent.Trainer.Training;

/// <summary>Refuses models and minibatches that would not fit, before anything is allocated.</summary>
internal static class MemoryNeed
{
    private const double Gigabyte = 1e9;

    /// <summary>Checks that training fits in memory, and its checkpoints in a file.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="input">The description of a row.</param>
    /// <param name="rows">Number of training rows.</param>
    /// <exception cref="LatentException">Training or a checkpoint doesn't fit; the message has the figures.</exception>
    public static void RefuseTraining(Recipe recipe, InputDescription input, int rows)
    {
        var weights = sizeof(float) * recipe.Ensemble * LayerSummary.Of(recipe, input).Sum(layer => layer.Parameters);
        var moments = recipe.Optimizer switch
        {
            { Kind: OptimizerKind.Adam or OptimizerKind.AdamW } => 2,
            { Kind: OptimizerKind.RmsProp, Momentum: > 0 } => 2,
            { Kind: OptimizerKind.RmsProp } or { Momentum: > 0 } => 1,
            _ => 0,
        };
        var best = recipe.Training.KeepBest ? 1 : 0;
        Refuse(recipe, weights * (2 + moments + best), "for its weights, their gradients and what the optimizer remembers");
        var checkpoint = weights * (1 + moments + best);
        if (checkpoint > Array.MaxLength)
        {
            throw new LatentException(
                FormattableString.Invariant(
                    $"{recipe.Name} would make checkpoints of {checkpoint / Gigabyte:0.0} GB, more than the {Array.MaxLength / Gigabyte:0.0} GB that one may have; make its layers smaller."
                )
            );
        }

        var shapes = LayerShapes.Of(recipe, input);
        var row =
            Values(shapes.Input)
            + Values(recipe.Encoder, shapes.EncoderInput)
            + (
                (double)recipe.Objective.Samples
                * (recipe.Objective.OuterSamples ?? 1)
                * (
                    Values(recipe.Decoder, shapes.DecoderInput)
                    + shapes.UpperEncoder.Concat(shapes.UpperDecoder).Sum(Values)
                    + (4d * shapes.LatentDimension)
                )
            );
        var batch = Math.Min(recipe.Training.BatchSize, rows);
        var bytes = weights + (2 * sizeof(float) * recipe.Ensemble * row * batch);
        Refuse(recipe, bytes, $"for a minibatch of {batch} rows and its gradients, which a smaller training.batchSize makes less");
    }

    // A layer around others remembers what each of them makes, too.
    private static double Values(IReadOnlyList<LayerRecipe> layers, IReadOnlyList<int> input)
    {
        var (sum, shapes) = (0d, LayerShapes.Walk("layers", layers, input));
        foreach (var (i, layer) in layers.Index())
        {
            var given = i == 0 ? input : shapes[i - 1];
            sum += Values(shapes[i]);
            if (layer.Layers is { } inner)
                sum += layer.Sizes is { } sizes ? inner.Zip(sizes).Sum(pair => Values([pair.First], [pair.Second])) : Values(inner, given);
        }

        return sum;
    }

    private static double Values(IReadOnlyList<int> shape) => shape.Aggregate(1d, (product, size) => product * size);

    private static void Refuse(Recipe recipe, double bytes, string what)
    {
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        if (bytes > available)
        {
            throw new LatentException(
                FormattableString.Invariant(
                    $"{recipe.Name} needs {bytes / Gigabyte:N1} GB of memory {what}, but this process may have {available / Gigabyte:0.0} GB."
                )
            );
        }
    }
}

using Latent.Models;
using Latent.Trainer.Data;
using Latent.Trainer.Training;
using static TorchSharp.torch;

namespace Latent.Trainer.Evaluation;

/// <summary>
/// Computes figures of codes: how much they say of their rows, and of the labels where there are some. The inputs are those that the
/// losses of held-out rows are of: binarized or noisy once, from the recipe's seed.
/// </summary>
internal static class CodeMetrics
{
    /// <summary>The number of held-out rows, and of training rows that classifiers learn from, unless another one is asked for.</summary>
    public const int DefaultRows = 2000;

    /// <summary>The metric of the number of held-out rows.</summary>
    public const string Rows = "codes.rows";

    /// <summary>The metric of the mutual information of rows and codes.</summary>
    public const string Information = "codes.mutual_information";

    /// <summary>The metric of the divergence of all codes together from the prior.</summary>
    public const string MarginalKl = "codes.marginal_kl";

    /// <summary>The metric of the number of training rows whose labels classifiers learned.</summary>
    public const string Learned = "codes.training_rows";

    /// <summary>The metric of the share of labels that the nearest codes tell.</summary>
    public const string Nearest = "codes.nearest_accuracy";

    /// <summary>The metric of the share of labels that a linear model tells.</summary>
    public const string Linear = "codes.linear_accuracy";

    /// <summary>The metric of the share of the held-out rows that have the most frequent label of the training rows.</summary>
    public const string Chance = "codes.most_frequent_label";

    private const int RowsAtOnce = 256;

    // With fewer rows a label, or many labels, as of numbers, classifiers learn nothing that can be told.
    private const int MinRowsOfLabel = 5;

    /// <summary>
    /// Computes the mutual information of models whose posterior is normal, and the accuracy of two classifiers where some of the held-out
    /// rows have labels that training rows have. What does not apply is left out.
    /// </summary>
    /// <param name="model">The model, in eval mode and on the CPU.</param>
    /// <param name="data">The rows; those held out are test rows, else validation rows.</param>
    /// <param name="most">Held-out rows at most, and training rows at most; both are spread evenly.</param>
    /// <param name="stop">Cancels it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static IReadOnlyList<(string Name, double Value)> Of(
        Autoencoder model,
        DataSplits data,
        int most = DefaultRows,
        CancellationToken stop = default
    )
    {
        if (!data.HasHeldOut || model.Table is not null || model.IsDenoiser)
            return [];
        var heldOut = data.HeldOut.EvenlySpread(most);
        var codes = Encode(model, heldOut, stop);
        var metrics = new List<(string, double)>();
        if (codes.LogPrior.Length > 1)
        {
            var information = MutualInformation.Of(codes.Means, codes.LogVariances, codes.Draws, codes.LogPrior, stop);
            metrics.Add((Information, information.Nats));
            metrics.Add((MarginalKl, information.MarginalKl));
        }

        var train = data.Train.EvenlySpread(most);
        if (CanTell(train.Labels, heldOut.Labels))
        {
            var (known, asked) = (train.Labels!, heldOut.Labels!);
            var learned = Encode(model, train, stop).Codes;
            var frequent = known.CountBy(label => label).MaxBy(count => count.Value).Key;
            metrics.Add((Learned, train.Count));
            metrics.Add((Chance, asked.Average(label => label == frequent ? 1.0 : 0)));
            metrics.Add((Nearest, CodeClassifiers.NearestAccuracy(learned, known, codes.Codes, asked, stop)));
            metrics.Add((Linear, Interruptible.Run(() => CodeClassifiers.LinearAccuracy(learned, known, codes.Codes, asked), stop)));
        }

        if (model.Classes > 0 && (model.IsVariational || model.SamplerModule is not null))
            metrics.AddRange(DrawnLabels.Of(model, train, heldOut, stop));
        return metrics.Count == 0 ? [] : [(Rows, heldOut.Count), .. metrics];
    }

    private static bool CanTell(string[]? known, string[]? asked)
    {
        if (known is null || asked is null)
            return false;
        var labels = known.ToHashSet();
        return labels.Count > 1 && labels.Count * MinRowsOfLabel <= known.Length && asked.Any(labels.Contains);
    }

    private static RowCodes Encode(Autoencoder model, DataSet rows, CancellationToken stop)
    {
        using var _ = no_grad();
        using var batches = new Minibatches(rows, model, CPU);
        using var generator = new Generator(0, CPU);
        var isMixed = model.IsVariational && model.Members.Count == 1 && model.Recipe.Latent.HasNormalPosterior();
        var (codes, means, logVariances, draws, logPrior) = (
            new List<float>(),
            new List<float>(),
            new List<float>(),
            new List<float>(),
            new List<float>()
        );
        for (var (first, batch) = (0, 0); first < rows.Count; first += RowsAtOnce, batch++)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var seed = new SeededRandom(model.Recipe.Training.Seed, SeededRandom.Purpose.Evaluation, batch).NextSeed();
            generator.manual_seed(seed);
            var (input, _) = batches.Take(first, Math.Min(RowsAtOnce, rows.Count - first), generator);
            var posterior = model.Encode(input);
            // Places in a codebook are no numbers; the vectors there are.
            codes.AddRange(Floats(model.Codebook is { } book ? book.Of(posterior.Code) : posterior.Code));
            if (!isMixed)
                continue;
            var drawn = posterior.Sample(generator);
            means.AddRange(Floats(posterior.Mean));
            logVariances.AddRange(Floats(posterior.LogVariance!));
            draws.AddRange(Floats(drawn));
            logPrior.AddRange(Floats(model.Prior().LogProb(drawn)));
        }

        return new([.. codes], [.. means], [.. logVariances], [.. draws], [.. logPrior]);
    }

    private static float[] Floats(Tensor tensor) => tensor.cpu().contiguous().data<float>().ToArray();

    private sealed record RowCodes(float[] Codes, float[] Means, float[] LogVariances, float[] Draws, float[] LogPrior);
}

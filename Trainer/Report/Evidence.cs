using Latent.Contracts.Recipes;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Report.Sections;

namespace Latent.Trainer.Report;

/// <summary>Figures that a report computes of its own rows, for the verdict.</summary>
internal sealed record Evidence
{
    /// <summary>Rows that the figures are of.</summary>
    public required int Rows { get; init; }

    /// <summary>The label that the rows have, where a model was trained on one only; null: rows of all labels.</summary>
    public string? Label { get; init; }

    /// <summary>Whether weights were not fitted to them.</summary>
    public required bool HeldOut { get; init; }

    /// <summary>Dimensions of the code whose mean varies over the rows.</summary>
    public required int Active { get; init; }

    /// <summary>
    /// Cross-entropy of reconstructions, and of the mean of all rows in their place, in nats per row; null where pixels are no
    /// probabilities.
    /// </summary>
    public (double Model, double Mean)? CrossEntropy { get; init; }

    /// <summary>Share of the rows' variance that reconstructions keep, at most 1; a table's columns count equally.</summary>
    public double? Explained { get; init; }

    /// <summary>
    /// Columns of a table that are reconstructed better than by their mean, or most frequent word, and those that are not; null where rows
    /// are not of cells.
    /// </summary>
    public (IReadOnlyList<string> Better, IReadOnlyList<string> Worse)? Columns { get; init; }

    /// <summary>How the score ranks the rows of the rarer of two labels; null where there are not two labels.</summary>
    public Ranking? Ranking { get; init; }

    /// <summary>Computes them.</summary>
    public static Evidence Of(ReportContext context)
    {
        var recipe = context.Manifest.Recipe;
        // What was trained on the rows of one label is not asked to reconstruct the others.
        var normal = recipe.Data.TrainOnLabel ?? (context.Table is null ? null : context.Ranking?.Negative);
        var label = context.Labels is { } labels && labels.Count(l => l == normal) > 1 ? normal : null;
        int[] rows = [.. Enumerable.Range(0, context.Count).Where(i => label is null || context.Labels![i] == label)];
        var features = context.Graphs.Features;
        var (wanted, output) = (ReportContext.Take(context.Rows, features, rows), ReportContext.Take(context.Outputs, features, rows));
        var probabilities = context.Bernoulli && recipe.Data.Scaling == ScalingKind.Unit;
        return new Evidence
        {
            Rows = rows.Length,
            Label = label,
            HeldOut = context.Data.HeldOut,
            Active = LatentUsage.Active(context),
            CrossEntropy = probabilities ? CrossEntropies(wanted, output, features) : null,
            Columns = context.Cells?.Judge(wanted, output),
            Explained =
                probabilities || context.Cells is not null
                    ? null
                    : ShareOfVariance(wanted, output, features, eachColumn: context.Image is null),
            Ranking = context.Ranking,
        };
    }

    /// <summary>Cross-entropy in nats per row of outputs, and of the rows' mean; pixels 0 to 255 are probabilities 0 to 1.</summary>
    internal static (double Model, double Mean) CrossEntropies(float[] rows, float[] outputs, int features)
    {
        var means = Means(rows, features);
        var (model, mean) = (0.0, 0.0);
        for (var i = 0; i < rows.Length; i++)
        {
            model += Nats(rows[i] / 255, outputs[i] / 255);
            mean += Nats(rows[i] / 255, means[i % features] / 255);
        }

        return (model * features / rows.Length, mean * features / rows.Length);
    }

    /// <summary>
    /// 1 - squared error / variance, over all values or as the mean over columns; columns that never change are left out, and null is for
    /// no other.
    /// </summary>
    internal static double? ShareOfVariance(float[] rows, float[] outputs, int features, bool eachColumn)
    {
        var (means, error, variance) = (Means(rows, features), new double[features], new double[features]);
        for (var i = 0; i < rows.Length; i++)
        {
            error[i % features] += Math.Pow((double)rows[i] - outputs[i], 2);
            variance[i % features] += Math.Pow(rows[i] - means[i % features], 2);
        }

        var changing = Enumerable.Range(0, features).Where(j => variance[j] > 0).ToList();
        if (changing.Count == 0)
            return null;
        return 1 - (eachColumn ? changing.Average(j => error[j] / variance[j]) : error.Sum() / variance.Sum());
    }

    private static double[] Means(float[] rows, int features)
    {
        var means = new double[features];
        for (var i = 0; i < rows.Length; i++)
            means[i % features] += rows[i];
        return Array.ConvertAll(means, sum => sum / (rows.Length / features));
    }

    // A float has no logit beyond these.
    private static double Nats(double pixel, double probability)
    {
        var p = Math.Clamp(probability, 1e-7, 1 - 1e-7);
        return -(pixel * Math.Log(p)) - ((1 - pixel) * Math.Log(1 - p));
    }
}

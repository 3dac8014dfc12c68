using Latent.Contracts.Tables;
using static TorchSharp.torch;

namespace Latent.Models.Tables;

/// <summary>Computes the error of each column of a table: its negative log-likelihood up to a constant, scaled by its weight.</summary>
internal static class ColumnErrors
{
    /// <summary>Bounds the logarithm of a Poisson rate.</summary>
    public const float MaxLogRate = 20;

    /// <summary>Subtracted from a logit to leave it out of a sum of exponentials.</summary>
    public const double Excluded = 1e9;

    /// <summary>Computes the errors of rows.</summary>
    /// <param name="layout">The table's layout.</param>
    /// <param name="raw">The decoder's output, [batch, width].</param>
    /// <param name="target">Rows of <see cref="TableCodec.RowLength"/>, [batch, width + columns].</param>
    /// <param name="logVariance">Learned ln σ² of the columns that have one, or null.</param>
    /// <param name="withEntropy">Whether the learned ln σ² is added, as a likelihood has it and an anomaly score has not.</param>
    /// <returns>[batch, columns]; 0 where a cell is missing.</returns>
    public static Tensor Of(TableLayout layout, Tensor raw, Tensor target, Tensor? logVariance, bool withEntropy)
    {
        var errors = new List<Tensor>();
        foreach (var (likelihood, from, count) in layout.Groups)
            errors.Add(Numbers(likelihood, from, count));
        if (layout.Logs > 0)
            errors.Add(Squares(layout.Numbers.Length - layout.Dates - layout.Logs, layout.Logs) + Squares(layout.LogsFrom, layout.Logs));
        if (layout.Dates > 0)
            errors.Add(Dates());
        var first = layout.WordsFrom;
        foreach (var width in layout.CategoryWidths)
        {
            // -ln softmax as softplus(ln Σ exp of the others - the one), which keeps its digits where it is close to 0.
            var (logits, given) = (raw.narrow(1, first, width), target.narrow(1, first, width));
            var others = (logits - (given * Excluded)).logsumexp(1);
            errors.Add(nn.functional.softplus(others - (logits * given).sum(1)).unsqueeze(1));
            first += width;
        }

        int[] order = [.. layout.Numbers, .. layout.Categories];
        var weights = tensor(Array.ConvertAll(order, column => (float)layout.Table.Columns[column].Weight), device: raw.device);
        var places = tensor(Array.ConvertAll(layout.Places(), place => (long)place), device: raw.device);
        return (cat([.. errors], 1) * weights).index_select(1, places) * target.narrow(1, layout.Width, layout.Columns);

        Tensor Numbers(ColumnLikelihood likelihood, int from, int count)
        {
            var (y, x) = (raw.narrow(1, from, count), target.narrow(1, from, count));
            switch (likelihood)
            {
                case ColumnLikelihood.LearnedGaussian:
                    var scaled = (x - y).square() * (-logVariance!).exp();
                    return withEntropy ? scaled + logVariance! : scaled;
                case ColumnLikelihood.StudentT:
                    return (((x - y).square() / 3) + 1.0).log() * 2;
                case ColumnLikelihood.Laplace:
                    return Absolute(x - y);
                case ColumnLikelihood.Huber:
                    var size = Absolute(x - y);
                    var inner = size.clamp_max(1);
                    return inner.square() + ((size - inner) * 2);
                case ColumnLikelihood.Poisson:
                    // Half the deviance μ - k + k·ln(k / μ), with ln μ = y.
                    var counts = InOwnUnit(x, from, count).clamp_min(0);
                    var logRate = y.clamp(-MaxLogRate, MaxLogRate);
                    return logRate.exp() - counts + (counts * (counts.clamp_min(1e-6).log() - logRate));
                case ColumnLikelihood.Bernoulli:
                    // -ln p as softplus(±y), which keeps its digits where it is close to 0; what is neither 0 nor 1 is wrong by its
                    // distance too.
                    var given = InOwnUnit(x, from, count);
                    var bit = (given >= 0.5).to(ScalarType.Float32);
                    return nn.functional.softplus(y - (bit * y * 2)) + (given - bit).square();
                default:
                    return (x - y).square();
            }
        }

        Tensor Squares(int from, int count) => (target.narrow(1, from, count) - raw.narrow(1, from, count)).square();

        // A date is right where its number, its time of day and its day of the week are; the three count alike.
        Tensor Dates()
        {
            var numbers = Squares(layout.Numbers.Length - layout.Dates, layout.Dates);
            var circles = Squares(layout.DatesFrom, TableLayout.UnitsPerDate * layout.Dates);
            return (numbers + circles.reshape(-1, layout.Dates, TableLayout.UnitsPerDate).sum(2)) / 3;
        }

        // Counts and 0 or 1 are standardized, without logarithm or clipping.
        Tensor InOwnUnit(Tensor x, int from, int count)
        {
            var transforms = layout.Numbers[from..(from + count)].Select(column => layout.Table.Columns[column].Transform!).ToArray();
            return (x / tensor(Array.ConvertAll(transforms, t => (float)t.Factor), device: x.device))
                + tensor(Array.ConvertAll(transforms, t => (float)t.Offset), device: x.device);
        }
    }

    private static Tensor Absolute(Tensor x) => x.relu() + (-x).relu();
}

using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;
using MathNet.Numerics.Distributions;

namespace Latent.Trainer.Data;

/// <summary>Completes the description of a table by what its training rows have: units, levels, ranges, missing cells, weights.</summary>
internal static class TableFit
{
    private const int Knots = 32;
    private const double MinClip = 10;
    private const double LogQuantile = 0.2;
    private const double NormalQuartiles = 1.349;

    // A column whose words or ones are this rare has an error that says little.
    private const double MinEntropy = 0.1;

    /// <summary>Completes the description, and brings the cells of all rows in line with it.</summary>
    /// <param name="data">The rows, divided; their description lacks transforms.</param>
    /// <param name="all">All rows, for the fingerprint.</param>
    /// <param name="recipe">How numbers are brought to one unit.</param>
    /// <exception cref="LatentException">A column has no value in the training rows.</exception>
    public static DataSplits Apply(DataSplits data, DataSet all, TableRecipe recipe)
    {
        var (train, table) = (data.Train, data.Train.Input.Table!);
        var (columns, kept, left) = (new List<TableColumn>(), new List<(int Column, float[]? Levels)>(), table.LeftOut.ToList());
        for (var i = 0; i < table.Columns.Count; i++)
        {
            var cells = new float[train.Count];
            for (var row = 0; row < train.Count; row++)
                cells[row] = train.Row(row)[i];
            var column = table.Columns[i];
            if (Array.TrueForAll(cells, cell => float.IsNaN(cell) || cell == TableDescription.Missing))
            {
                left.Add(new LeftOutColumn(column.Name, TableColumnKind.Constant, "it is missing in all training rows"));
                continue;
            }

            var (fitted, levels) = column.Levels is null ? (Number(column, cells, recipe), null) : Words(column, cells, recipe);
            columns.Add(fitted);
            kept.Add((i, levels));
        }

        if (columns.Count == 0)
            throw new LatentException("No column of the table has a value in its training rows; there is nothing to learn.");
        var input = data.Train.Input with
        {
            Shape = [columns.Count],
            Columns = [.. columns.Select(column => column.Name)],
            Table = table with { Columns = columns, LeftOut = left },
        };
        var fingerprint = DataSet.Fingerprint([Map(all)]);
        return new DataSplits(Map(data.Train), MapAny(data.Validation), MapAny(data.Test), fingerprint);

        DataSet? MapAny(DataSet? set) => set is null ? null : Map(set);

        DataSet Map(DataSet set)
        {
            var values = new float[set.Count * columns.Count];
            for (var row = 0; row < set.Count; row++)
            {
                var cells = set.Row(row);
                for (var i = 0; i < kept.Count; i++)
                {
                    var cell = cells[kept[i].Column];
                    values[(row * columns.Count) + i] = kept[i].Levels is { } levels && cell >= 0 ? levels[(int)cell] : cell;
                }
            }

            return new DataSet(input, values, set.Labels) { Places = set.Places };
        }
    }

    // Levels that only other rows have are unseen.
    private static (TableColumn Column, float[] Levels) Words(TableColumn column, float[] cells, TableRecipe recipe)
    {
        var counts = new int[column.Levels!.Count];
        foreach (var cell in cells)
        {
            if (cell >= 0)
                counts[(int)cell]++;
        }

        int[] seen = [.. Enumerable.Range(0, counts.Length).Where(level => counts[level] > 0)];
        var places = new float[counts.Length];
        Array.Fill(places, TableDescription.Unseen);
        for (var i = 0; i < seen.Length; i++)
            places[seen[i]] = i;
        var total = (double)seen.Sum(level => counts[level]);
        var entropy = seen.Sum(level => -counts[level] / total * Math.Log(counts[level] / total));
        var fitted = column with
        {
            Levels = [.. seen.Select(level => column.Levels[level])],
            HasMissing = cells.Contains(TableDescription.Missing),
            EmbeddingWidth = column.EmbeddingWidth is null ? null : recipe.EmbeddingWidthOf(seen.Length),
            Weight = 1 / Math.Max(MinEntropy, entropy),
        };
        return (fitted, places);
    }

    private static TableColumn Number(TableColumn column, float[] cells, TableRecipe recipe)
    {
        double[] values = [.. cells.Where(cell => !float.IsNaN(cell)).Select(cell => (double)cell)];
        Array.Sort(values);
        var plain = column with { HasMissing = values.Length < cells.Length, Min = values[0], Max = values[^1] };
        if (column.Likelihood is ColumnLikelihood.Bernoulli or ColumnLikelihood.Poisson)
        {
            var standard = Standard(values);
            return plain with { Transform = standard, Weight = Weight(column.Likelihood, values, standard) };
        }

        var clip = recipe.Clip ?? Math.Max(MinClip, Math.Sqrt(2 * (cells.Length + 1)));
        var transform = Transform(values, recipe.Scaling, clip);
        if (column.Likelihood != ColumnLikelihood.Gaussian || column.Origin is not null || Log(values, recipe, clip) is not { } log)
            return plain with { Transform = transform, Weight = Weight(column.Likelihood, values, transform) };
        // Both units together weigh as much as the one of another column.
        return plain with { Transform = Weaker(transform), Log = Weaker(log) };

        static NumberTransform Weaker(NumberTransform unit) =>
            unit.Knots is null
                ? unit with
                {
                    Factor = unit.Factor / Math.Sqrt(2),
                }
                : unit with
                {
                    Values = [.. unit.Values!.Select(value => value / Math.Sqrt(2))],
                };
    }

    private static NumberTransform Transform(double[] values, NumberScaling scaling, double clip)
    {
        var transform = (scaling == NumberScaling.Robust ? Robust(values) : Standard(values)) with { Clip = clip };
        return scaling == NumberScaling.RankGauss ? WithKnots(transform, [.. values.Select(transform.Forward)]) : transform;
    }

    // ln(1 + distance from the end of the short tail), in units of the smaller distances.
    private static NumberTransform? Log(double[] values, TableRecipe recipe, double clip)
    {
        var skewness = Skewness(values);
        if (recipe.LogAboveSkewness is not { } limit || Math.Abs(skewness) <= limit || values.All(x => x == values[0] || x == values[^1]))
            return null;
        var shift = skewness > 0 ? values[0] : values[^1];
        double[] distances = [.. values.Select(x => Math.Abs(x - shift)).Where(distance => distance > 0).Order()];
        var mean = values.Average();
        var deviation = Math.Sqrt(values.Average(x => (x - mean) * (x - mean)));
        var scale = Math.Max(Quantile(distances, LogQuantile), 1e-3 * deviation);
        var log = new NumberTransform { LogShift = (float)shift, LogScale = scale };
        double[] logs = [.. values.Select(log.Forward)];
        Array.Sort(logs);
        var standard = Standard(logs);
        return log with { Offset = standard.Offset, Factor = standard.Factor, Clip = clip };
    }

    // Of two values, or one, the rarer is taken to be a little more frequent than it was met: what the training rows never have is unusual,
    // but not infinitely so.
    private static NumberTransform Standard(double[] sorted)
    {
        var mean = sorted.Average();
        var deviation = Math.Sqrt(sorted.Average(x => (x - mean) * (x - mean)));
        if (sorted.All(x => x == sorted[0] || x == sorted[^1]))
        {
            var share = (sorted.Count(x => x == sorted[^1] && x != sorted[0]) + 0.5) / (sorted.Length + 1);
            deviation = (sorted[^1] > sorted[0] ? sorted[^1] - sorted[0] : 1) * Math.Sqrt(share * (1 - share));
        }

        return new NumberTransform { Offset = (float)mean, Factor = Inverse(deviation) };
    }

    // A column most of whose values are one has no distance between its quartiles.
    private static NumberTransform Robust(double[] sorted)
    {
        var spread = (Quantile(sorted, 0.75) - Quantile(sorted, 0.25)) / NormalQuartiles;
        return spread > 0 ? new NumberTransform { Offset = (float)Quantile(sorted, 0.5), Factor = Inverse(spread) } : Standard(sorted);
    }

    private static NumberTransform WithKnots(NumberTransform transform, double[] scaled)
    {
        Array.Sort(scaled);
        var (knots, values) = (new List<double>(), new List<double>());
        for (var i = 0; i < Knots; i++)
        {
            // The mean rank of tied values is their place.
            var probability = (i + 0.5) / Knots;
            var knot = Quantile(scaled, probability);
            if (knots.Count > 0 && knot - knots[^1] < 1e-6)
                continue;
            knots.Add(knot);
            values.Add(Normal.InvCDF(0, 1, probability));
        }

        return knots.Count < 2 ? transform : transform with { Knots = knots, Values = values };
    }

    // The error of a model that knows only the column's own distribution.
    private static double Weight(ColumnLikelihood likelihood, double[] values, NumberTransform transform)
    {
        var mean = values.Average();
        switch (likelihood)
        {
            case ColumnLikelihood.Bernoulli:
                return 1 / Math.Max(MinEntropy, mean is 0 or 1 ? 0 : -(mean * Math.Log(mean)) - ((1 - mean) * Math.Log(1 - mean)));
            case ColumnLikelihood.Poisson:
                return 1 / Math.Max(MinEntropy, values.Average(k => mean - k + (k > 0 ? k * Math.Log(k / mean) : 0)));
            default:
                double[] units = [.. values.Select(transform.Forward)];
                var (centre, median) = (units.Average(), units[units.Length / 2]);
                var error = likelihood switch
                {
                    ColumnLikelihood.Laplace => units.Average(y => Math.Abs(y - median)),
                    ColumnLikelihood.Huber => units.Average(y => Math.Abs(y - median) is var e && e <= 1 ? e * e : (2 * e) - 1),
                    ColumnLikelihood.StudentT => units.Average(y => 2 * Math.Log(1 + ((y - median) * (y - median) / 3))),
                    _ => units.Average(y => (y - centre) * (y - centre)),
                };
                return error > 0 ? 1 / error : 1;
        }
    }

    private static double Skewness(double[] values)
    {
        var mean = values.Average();
        var variance = values.Average(x => (x - mean) * (x - mean));
        return variance > 0 ? values.Average(x => Math.Pow(x - mean, 3)) / Math.Pow(variance, 1.5) : 0;
    }

    private static double Quantile(double[] sorted, double probability)
    {
        var place = probability * (sorted.Length - 1);
        var below = (int)place;
        return sorted[below] + ((place - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]));
    }

    // Graphs have 32-bit constants.
    private static double Inverse(double spread) =>
        (float)(1 / spread) is var inverse && float.IsFinite(inverse) && inverse != 0 ? inverse : 1;
}

using Latent.Contracts.Recipes;

namespace Latent.Contracts.Tables;

/// <summary>Refuses descriptions of tables that no export writes.</summary>
internal static class TableCheck
{
    private const int MaxUnits = 1 << 24;

    /// <summary>Checks the description in a manifest.</summary>
    /// <exception cref="LatentException">A value is invalid; the message names the key, its value and what would be right.</exception>
    public static void Check(TableDescription table, IReadOnlyList<int> shape, string source)
    {
        Require(
            shape.Count == 1 && shape[0] == table.Columns.Count && table.Columns.Count > 0,
            "columns",
            $"{table.Columns.Count} columns",
            $"one for each of the cells of input.shape, {LayerShapes.Text(shape)}"
        );
        var (names, units) = (new HashSet<string>(StringComparer.Ordinal), 0L);
        foreach (var (i, column) in table.Columns.Index())
        {
            var key = $"columns[{i}]";
            Require(names.Add(column.Name), $"{key}.name", column.Name, "a name of its own");
            Require(column.Position >= 0, $"{key}.position", column.Position, "at least 0");
            Require(
                column.Kind is not (TableColumnKind.Identifier or TableColumnKind.Text or TableColumnKind.Constant),
                $"{key}.kind",
                RecipeNames.Of(column.Kind),
                "a kind that a model reads"
            );
            Require(
                (column.Kind == TableColumnKind.DateTime) == column.Origin is not null,
                $"{key}.origin",
                column.Origin,
                "given for dates, and only for them"
            );
            Require(
                column.EmbeddingWidth is null
                    || (column.EmbeddingWidth is >= 1 and <= TableRecipe.MaxEmbeddingWidth && column.Levels is not null),
                $"{key}.embeddingWidth",
                column.EmbeddingWidth,
                $"from 1 to {TableRecipe.MaxEmbeddingWidth}, for words only"
            );
            Require(double.IsFinite(column.Weight) && column.Weight > 0, $"{key}.weight", column.Weight, "above 0");
            if (column.Levels is { } levels)
            {
                Require(
                    levels.Count > 0 && levels.Distinct(StringComparer.Ordinal).Count() == levels.Count && !levels.Contains(""),
                    $"{key}.levels",
                    $"{levels.Count} words",
                    "different words, none of them empty"
                );
                Require(column.Likelihood == ColumnLikelihood.Categorical, $"{key}.likelihood", column.Likelihood, "categorical for words");
            }
            else
            {
                Require(column.Likelihood != ColumnLikelihood.Categorical, $"{key}.likelihood", column.Likelihood, "of numbers");
                Require(
                    IsValid(column.Transform),
                    $"{key}.transform",
                    column.Transform,
                    "finite, with ascending knots and a factor other than 0"
                );
            }

            Require(
                column.Log is null
                    || (column.Log.LogScale is not null && IsValid(column.Log) && column.Likelihood == ColumnLikelihood.Gaussian),
                $"{key}.log",
                column.Log,
                "a logarithm, of a gaussian column only"
            );
            units += 3 + (column.Levels?.Count ?? TableLayout.UnitsPerDate);
        }

        Require(units <= MaxUnits, "columns", $"{units} units wide", $"at most {MaxUnits} units wide");

        void Require(bool holds, string key, object? value, string right)
        {
            if (!holds)
                throw new LatentException(FormattableString.Invariant($"input.table.{key} is {value}; it must be {right} ({source})."));
        }
    }

    /// <summary>Checks the distribution of training rows in a manifest.</summary>
    /// <exception cref="LatentException">A value is invalid; the message names the key, its value and what would be right.</exception>
    public static void Check(TrainingDistribution training, TableDescription table, int dimensions, string source)
    {
        Require(
            training.Columns.Count == table.Columns.Count,
            "columns",
            training.Columns.Count,
            $"one for each of {table.Columns.Count} columns"
        );
        Require(training.Codes.Count == dimensions, "codes", training.Codes.Count, $"one for each of {dimensions} dimensions");
        foreach (var (i, column) in training.Columns.Index())
            RequireDistribution($"columns[{i}]", column, table.Columns[i].Levels?.Count);
        foreach (var (i, code) in training.Codes.Index())
            RequireDistribution($"codes[{i}]", code, levels: null);

        void RequireDistribution(string key, ColumnDistribution distribution, int? levels)
        {
            var edges = distribution.Edges;
            Require(
                edges is null == levels is not null,
                $"{key}.edges",
                edges is null ? "left out" : "given",
                "given for numbers, and only for them"
            );
            Require(
                edges is null || (edges.Count <= ColumnDistribution.MaxEdges && IsAscending(edges)),
                $"{key}.edges",
                $"{edges?.Count} numbers",
                $"finite and ascending, {ColumnDistribution.MaxEdges} at most"
            );
            var counts = levels ?? (edges!.Count + 1);
            Require(
                distribution.Counts.Count == counts
                    && distribution.Counts.Append(distribution.Unseen).Append(distribution.Missing).All(n => n is >= 0 and < 1L << 48),
                $"{key}.counts",
                $"{distribution.Counts.Count} numbers",
                $"{counts} counts of rows"
            );
        }

        void Require(bool holds, string key, object? value, string right)
        {
            if (!holds)
                throw new LatentException(FormattableString.Invariant($"training.{key} is {value}; it must be {right} ({source})."));
        }
    }

    private static bool IsValid(NumberTransform? transform) =>
        transform is not null
        && double.IsFinite(transform.LogShift + transform.Offset + transform.Factor + transform.Clip)
        && transform.Factor != 0
        && transform.Clip > 0
        && transform.LogScale is null or > 0
        && (transform.Knots, transform.Values) is (null, null) or ({ Count: >= 2 }, { Count: >= 2 })
        && transform.Knots?.Count == transform.Values?.Count
        && IsAscending(transform.Knots)
        && IsAscending(transform.Values);

    private static bool IsAscending(IReadOnlyList<double>? values) =>
        values is null || (values.All(double.IsFinite) && values.Zip(values.Skip(1)).All(pair => pair.First < pair.Second));
}

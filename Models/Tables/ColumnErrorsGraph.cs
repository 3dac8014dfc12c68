using Latent.Contracts.Tables;
using Latent.Models.Layers;
using Latent.Models.Onnx;

namespace Latent.Models.Tables;

/// <summary>Writes the errors of a table's columns; see <see cref="ColumnErrors"/>.</summary>
/// <param name="graph">The graph.</param>
/// <param name="layout">The layout of the table's model units.</param>
/// <param name="units">The model units of the rows.</param>
internal sealed class ColumnErrorsGraph(OnnxGraph graph, TableLayout layout, TableUnits units)
{
    private const float LeastExponent = -80;

    /// <summary>Writes the errors, [batch, columns].</summary>
    /// <param name="raw">The decoder's output, [batch, width].</param>
    /// <param name="logVariance">Learned ln σ² of the columns that have one.</param>
    /// <param name="withEntropy">Whether the learned ln σ² is added.</param>
    /// <param name="name">Prefix of names.</param>
    public string Write(string raw, float[] logVariance, bool withEntropy, string name)
    {
        var errors = new List<string>();
        foreach (var (likelihood, from, count) in layout.Groups)
        {
            errors.Add(NumberErrors($"{name}.{likelihood}".ToLowerInvariant(), likelihood, raw, from, count, logVariance, withEntropy));
        }

        if (layout.Logs > 0)
        {
            var numbers = Squares($"{name}.skewed", raw, layout.Numbers.Length - layout.Dates - layout.Logs, layout.Logs);
            errors.Add(graph.Add("Add", $"{name}.both", [numbers, Squares($"{name}.logs", raw, layout.LogsFrom, layout.Logs)]));
        }

        if (layout.Dates > 0)
            errors.Add(DateErrors($"{name}.dates", raw));
        if (layout.Categories.Length > 0)
            errors.Add(WordErrors($"{name}.words", raw));
        int[] order = [.. layout.Numbers, .. layout.Categories];
        var weights = graph.Constant("column_weights", Array.ConvertAll(order, column => (float)layout.Table.Columns[column].Weight));
        var weighted = graph.Add("Mul", $"{name}.weighted", [graph.Concat($"{name}.laid_out", errors), weights]);
        return graph.Add("Mul", name, [graph.Columns($"{name}.columns", weighted, layout.Places()), units.Present]);
    }

    private string NumberErrors(
        string name,
        ColumnLikelihood likelihood,
        string raw,
        int from,
        int count,
        float[] logVariance,
        bool withEntropy
    )
    {
        var y = graph.Slice($"{name}.output", raw, from, count);
        var own = () => graph.Slice($"{name}.own", units.Numbers!, from, count);
        switch (likelihood)
        {
            case ColumnLikelihood.LearnedGaussian:
                var precision = graph.Constant($"{name}.precision", Array.ConvertAll(logVariance, v => MathF.Exp(-v)));
                var scaled = graph.Add("Mul", $"{name}.scaled", [Squared(), precision]);
                return withEntropy
                    ? graph.Add("Add", $"{name}.each", [scaled, graph.Constant($"{name}.log_variance", logVariance)])
                    : scaled;
            case ColumnLikelihood.StudentT:
                var third = graph.Add("Div", $"{name}.third", [Squared(), graph.Constant("three", 3)]);
                var log = graph.Add("Log", $"{name}.log", [graph.Add("Add", $"{name}.above_one", [third, graph.Constant("one", 1)])]);
                return graph.Add("Mul", $"{name}.each", [log, graph.Constant("two", 2)]);
            case ColumnLikelihood.Laplace:
                return graph.Add("Abs", $"{name}.each", [Difference()]);
            case ColumnLikelihood.Huber:
                return OnnxExport.Huber(graph, name, Difference());
            case ColumnLikelihood.Poisson:
                var counts = graph.Add("Max", $"{name}.counts", [own(), graph.Constant("zero", 0)]);
                var logRate = LogRate(graph, name, y);
                var above = graph.Add("Sub", $"{name}.rate_less_count", [graph.Add("Exp", $"{name}.rate", [logRate]), counts]);
                var logCount = graph.Add(
                    "Log",
                    $"{name}.log_count",
                    [graph.Add("Max", $"{name}.above_zero", [counts, graph.Constant($"{name}.tiny", 1e-6f)])]
                );
                var ratio = graph.Add("Mul", $"{name}.ratio", [counts, graph.Add("Sub", $"{name}.log_ratio", [logCount, logRate])]);
                return graph.Add("Add", $"{name}.each", [above, ratio]);
            case ColumnLikelihood.Bernoulli:
                var given = own();
                var isOne = graph.Add("GreaterOrEqual", $"{name}.is_one", [given, graph.Constant("half", 0.5f)]);
                var bit = graph.ToFloat($"{name}.bit", isOne);
                var twice = graph.Add("Mul", $"{name}.twice", [graph.Add("Mul", $"{name}.product", [bit, y]), graph.Constant("two", 2)]);
                var entropy = Activations.WriteSoftplus(graph, $"{name}.entropy", graph.Add("Sub", $"{name}.signed", [y, twice]));
                var outside = graph.Add("Sub", $"{name}.outside", [given, bit]);
                return graph.Add("Add", $"{name}.each", [entropy, graph.Add("Mul", $"{name}.distance", [outside, outside])]);
            default:
                return Squared();
        }

        string Difference() => graph.Add("Sub", $"{name}.difference", [graph.Slice($"{name}.given", units.Units, from, count), y]);

        string Squared()
        {
            var difference = Difference();
            return graph.Add("Mul", $"{name}.squared", [difference, difference]);
        }
    }

    /// <summary>Writes the logarithm of a Poisson distribution's rate, between bounds.</summary>
    public static string LogRate(OnnxGraph graph, string name, string raw)
    {
        var (least, most) = (
            graph.Constant("min_log_rate", -ColumnErrors.MaxLogRate),
            graph.Constant("max_log_rate", ColumnErrors.MaxLogRate)
        );
        return graph.Add("Clip", $"{name}.log_rate", [raw, least, most]);
    }

    private string DateErrors(string name, string raw)
    {
        var numbers = Squares($"{name}.number", raw, layout.Numbers.Length - layout.Dates, layout.Dates);
        var circles = Squares($"{name}.circle", raw, layout.DatesFrom, TableLayout.UnitsPerDate * layout.Dates);
        var shape = graph.Integers($"{name}.shape", [0, layout.Dates, TableLayout.UnitsPerDate]);
        var byDate = graph.Add("Reshape", $"{name}.by_date", [circles, shape]);
        var sum = graph.Add("ReduceSum", $"{name}.circles", [byDate, graph.Integers($"{name}.axes", [2])], ("keepdims", 0));
        return graph.Add("Div", $"{name}.each", [graph.Add("Add", $"{name}.sum", [numbers, sum]), graph.Constant("three", 3)]);
    }

    // -ln softmax as softplus(ln Σ exp of the others - the one), for all columns at once: nodes of a few values a row would take most of
    // the time. Sums over the units of each column are a product with what unit belongs to which column.
    private string WordErrors(string name, string raw)
    {
        var (from, width, columns) = (layout.WordsFrom, layout.Width - layout.WordsFrom, layout.Categories.Length);
        var logits = graph.Slice($"{name}.logits", raw, from, width);
        var chosen = Sums("chosen", graph.Add("Mul", $"{name}.product", [logits, units.Words!]));
        var excluded = graph.Add("Mul", $"{name}.excluded", [units.Words!, graph.Constant("excluded", (float)ColumnErrors.Excluded)]);
        var rest = graph.Add("Sub", $"{name}.rest", [logits, excluded]);
        var (most, first) = (new List<string>(), 0);
        for (var i = 0; i < columns; i++)
        {
            var own = graph.Slice($"{name}.rest{i}", rest, first, layout.CategoryWidths[i]);
            most.Add(graph.Add("ReduceMax", $"{name}.most{i}", [own], ("axes", new long[] { 1 }), ("keepdims", 1)));
            first += layout.CategoryWidths[i];
        }

        var largest = graph.Concat($"{name}.most", most);
        var below = graph.Add(
            "Sub",
            $"{name}.below_most",
            [rest, graph.Add("Gemm", $"{name}.most_of_units", [largest, Belongs()], ("transB", 1))]
        );
        // What is too small to count would be numbers below the normal ones, which processors take long to make.
        var counted = graph.Add("Max", $"{name}.counted", [below, graph.Constant("least_exponent", LeastExponent)]);
        var sum = graph.Add("Log", $"{name}.log", [Sums("sums", graph.Add("Exp", $"{name}.terms", [counted]))]);
        var excess = graph.Add("Sub", $"{name}.excess", [graph.Add("Add", $"{name}.others", [sum, largest]), chosen]);
        return Activations.WriteSoftplus(graph, $"{name}.entropy", excess);

        string Sums(string what, string values) => graph.Add("MatMul", $"{name}.{what}", [values, Belongs()]);
    }

    // Which units of words belong to which of their columns, as a matrix: a product with it is several times as fast as Gather.
    private string Belongs()
    {
        var (width, columns) = (layout.Width - layout.WordsFrom, layout.Categories.Length);
        var (values, unit) = (new float[width * columns], 0);
        for (var column = 0; column < columns; column++)
        {
            for (var i = 0; i < layout.CategoryWidths[column]; i++)
                values[(unit++ * columns) + column] = 1;
        }

        return graph.Matrix("categories.belongs", width, columns, values);
    }

    private string Squares(string name, string raw, int from, int count)
    {
        var given = graph.Slice($"{name}.given", units.Units, from, count);
        var difference = graph.Add("Sub", $"{name}.difference", [given, graph.Slice($"{name}.output", raw, from, count)]);
        return graph.Add("Mul", $"{name}.squared", [difference, difference]);
    }
}

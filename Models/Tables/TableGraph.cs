using Latent.Contracts;
using Latent.Contracts.Tables;
using Latent.Models.Layers;
using Latent.Models.Onnx;
using Latent.Models.Onnx.Proto;
using TorchSharp.Modules;

namespace Latent.Models.Tables;

/// <summary>
/// Writes what surrounds the network of a table: cells to model units, columns' errors, and the decoder's output to cells.
/// </summary>
internal sealed class TableGraph(OnnxGraph graph, TableLayout layout)
{
    private const float LeastExponent = -80;
    private const float Week = 7;
    private const float Turn = (float)(2 * Math.PI);
    private readonly TableDescription _table = layout.Table;
    private readonly List<string> _codes = [];
    private string? _numbers;
    private string? _words;

    private NumberTransform[] Transforms => [.. layout.Numbers.Select(column => _table.Columns[column].Transform!)];

    /// <summary>Writes the inputs and the conversion to model units.</summary>
    /// <returns>The units, [batch, width], and 1 for each cell that is present, [batch, columns].</returns>
    public (string Units, string Present) Input()
    {
        var (units, present) = (new List<string>(), new List<string>());
        if (layout.Numbers.Length > 0)
        {
            var numbers = Numbers();
            var absent = Cast("numbers.absent", graph.Add("IsNaN", "numbers.is_missing", [numbers]));
            present.Add(graph.Add("Sub", "numbers.present", [graph.Constant("one", 1), absent]));
            units.Add(OrZero("numbers.units", Forward(numbers), "numbers.is_missing"));
            _numbers = OrZero("numbers.known", numbers, "numbers.is_missing");
            if (layout.Logs > 0)
                units.Add(Logs(absent));
            if (layout.Dates > 0)
                units.Add(Circles(absent));
            if (layout.WithMissing.Length > 0)
                units.Add(Gather("numbers.told_missing", absent, layout.WithMissing));
        }

        if (layout.Categories.Length > 0)
        {
            var codes = Codes();
            var missing = graph.Add(
                "Equal",
                "categories.is_missing",
                [codes, graph.Constant("categories.missing", TableDescription.Missing)]
            );
            present.Add(graph.Add("Sub", "categories.present", [graph.Constant("one", 1), Cast("categories.absent", missing)]));
            var levels = new List<string>();
            for (var i = 0; i < layout.Categories.Length; i++)
            {
                float[] each = [.. Enumerable.Range(0, layout.CategoryWidths[i]).Select(n => (float)(n - TableLayout.UnitsBeforeLevels))];
                levels.Add(
                    graph.Add("Equal", $"categories.is_level{i}", [_codes[i], graph.Matrix($"categories.levels{i}", 1, each.Length, each)])
                );
            }

            units.Add(_words = Cast("categories.units", Concat("categories.is_level", levels)));
        }

        return (Concat("units", units), Gather("present", Concat("present.laid_out", present), layout.Places()));
    }

    /// <summary>Writes what the encoder gets: the units, with the learned values of words that have an embedding in their place.</summary>
    /// <param name="units">What <see cref="Input"/> returned.</param>
    /// <param name="embeddings">The embedding of each column of words, or null.</param>
    public string EncoderInput(string units, IReadOnlyList<Linear?> embeddings)
    {
        if (embeddings.All(embedding => embedding is null))
            return units;
        var (parts, from) = (new List<string>(), layout.WordsFrom);
        if (from > 0)
            parts.Add(Slice("embeddings.numbers", units, 0, from));
        foreach (var (i, embedding) in embeddings.Index())
        {
            var width = layout.CategoryWidths[i];
            parts.Add(
                embedding is null ? Slice($"embeddings.units{i}", units, from, width) : Embedded($"embedding{i}", embedding, _codes[i])
            );
            from += width;
        }

        return Concat("embeddings", parts);
    }

    // A unit of 1 times the weights is the column of them that its place says.
    private string Embedded(string name, Linear embedding, string code)
    {
        var place = graph.Add("Add", $"{name}.unit", [code, graph.Constant("units_before_levels", TableLayout.UnitsBeforeLevels)]);
        var index = graph.Add("Cast", $"{name}.place", [place], ("to", (int)TensorProto.Types.DataType.Int64));
        var values = graph.Add("Gather", $"{name}.values", [graph.Weight($"{name}.weight", embedding.weight!.t()), index], ("axis", 0));
        return graph.Add("Reshape", name, [values, graph.Integers($"{name}.shape", [0, embedding.weight!.shape[0]])]);
    }

    /// <summary>Writes the errors of the columns; see <see cref="ColumnErrors"/>.</summary>
    /// <param name="raw">The decoder's output, [batch, width].</param>
    /// <param name="units">What <see cref="Input"/> returned.</param>
    /// <param name="present">What <see cref="Input"/> returned.</param>
    /// <param name="logVariance">Learned ln σ² of the columns that have one.</param>
    /// <param name="withEntropy">Whether the learned ln σ² is added.</param>
    /// <param name="name">Prefix of names.</param>
    public string Errors(string raw, string units, string present, float[] logVariance, bool withEntropy, string name)
    {
        var errors = new List<string>();
        foreach (var (likelihood, from, count) in layout.Groups)
        {
            errors.Add(
                NumberErrors($"{name}.{likelihood}".ToLowerInvariant(), likelihood, raw, units, from, count, logVariance, withEntropy)
            );
        }

        if (layout.Logs > 0)
        {
            var numbers = Squares($"{name}.skewed", raw, units, layout.Numbers.Length - layout.Dates - layout.Logs, layout.Logs);
            errors.Add(graph.Add("Add", $"{name}.both", [numbers, Squares($"{name}.logs", raw, units, layout.LogsFrom, layout.Logs)]));
        }

        if (layout.Dates > 0)
            errors.Add(DateErrors($"{name}.dates", raw, units));
        if (layout.Categories.Length > 0)
            errors.Add(WordErrors($"{name}.words", raw));
        int[] order = [.. layout.Numbers, .. layout.Categories];
        var weights = graph.Constant("column_weights", Array.ConvertAll(order, column => (float)_table.Columns[column].Weight));
        var weighted = graph.Add("Mul", $"{name}.weighted", [Concat($"{name}.laid_out", errors), weights]);
        return graph.Add("Mul", name, [Gather($"{name}.columns", weighted, layout.Places()), present]);
    }

    /// <summary>Writes the conversion of the decoders' outputs to the outputs "output" and, with words, "output_categories".</summary>
    /// <param name="raws">The output of the decoder, or of each member of an ensemble.</param>
    public void Output(IReadOnlyList<string> raws)
    {
        var cells = new List<string>();
        if (layout.Numbers.Length > 0)
            cells.Add(graph.Mean("output.mean_numbers", graph.ForEach(raws, Inverse)));
        var (first, words) = (layout.WordsFrom, new List<string>());
        for (var i = 0; i < layout.Categories.Length; i++)
        {
            var width = layout.CategoryWidths[i];
            var at = first;
            var (scores, skipped) =
                raws.Count == 1
                    ? (raws[0], first)
                    : (graph.Mean($"output.probabilities{i}", graph.ForEach(raws, raw => Probabilities(i, raw, at, width))), 0);
            var levels = Slice($"output.levels{i}", scores, skipped + TableLayout.UnitsBeforeLevels, width - TableLayout.UnitsBeforeLevels);
            var best = graph.Add("ArgMax", $"output.best{i}", [levels], ("axis", 1), ("keepdims", 1));
            cells.Add(Cast($"output.level{i}", best));
            string[] texts = [.. _table.Columns[layout.Categories[i]].Levels!];
            words.Add(
                graph.AddMl(
                    "LabelEncoder",
                    $"output.words{i}",
                    [best],
                    ("keys_int64s", Enumerable.Range(0, texts.Length).Select(n => (long)n).ToArray()),
                    ("values_strings", texts),
                    ("default_string", "")
                )
            );
            first += width;
        }

        var output = Gather("output.columns", Concat("output.laid_out", cells), layout.Places());
        var what = words.Count > 0 ? "; of words the position of the level" : "";
        graph.Output(output, TensorNames.Output, [layout.Columns], $"The reconstruction in the data's own units{what}.");
        if (words.Count > 0)
        {
            var text = Concat("output.texts", words);
            graph.Output(text, TensorNames.OutputCategories, [words.Count], "The words of the reconstruction.", isText: true);
        }
    }

    private string Probabilities(int index, string raw, int from, int width)
    {
        var logits = Slice($"output.logits{index}", raw, from, width);
        var below = graph.Add("Sub", $"output.log{index}", [logits, LogSumExp($"output.sum{index}", logits)]);
        return graph.Add("Exp", $"output.own{index}", [below]);
    }

    private string Numbers()
    {
        var columns = _table.Numbers();
        var names = string.Join(", ", columns.Select(Describe));
        var input = graph.Input(
            layout.Categories.Length > 0 ? TensorNames.Numbers : TensorNames.Input,
            [columns.Count],
            $"Numbers in the data's own units, NaN where one is missing: {names}."
        );
        int[] order = [.. layout.Numbers.Select(column => columns.Index().First(c => c.Item == column).Index)];
        return order.Index().All(place => place.Item == place.Index) ? input : Gather("numbers.ordered", input, order);
    }

    private string Describe(int index)
    {
        var column = _table.Columns[index];
        return column.Origin is { } origin ? $"{column.Name} (days since {origin:yyyy-MM-dd})" : column.Name;
    }

    private string Codes()
    {
        var names = string.Join(", ", _table.Categories().Select(column => _table.Columns[column].Name));
        var input = graph.Input(
            TensorNames.Categories,
            [layout.Categories.Length],
            $"Words, \"\" where one is missing: {names}.",
            isText: true
        );
        for (var i = 0; i < layout.Categories.Length; i++)
        {
            var levels = _table.Columns[layout.Categories[i]].Levels!;
            _codes.Add(
                graph.AddMl(
                    "LabelEncoder",
                    $"categories.code{i}",
                    [Slice($"categories.column{i}", input, i, 1)],
                    ("keys_strings", (string[])["", .. levels]),
                    ("values_floats", (float[])[TableDescription.Missing, .. Enumerable.Range(0, levels.Count).Select(n => (float)n)]),
                    ("default_float", TableDescription.Unseen)
                )
            );
        }

        return Concat("categories.codes", _codes);
    }

    private string Forward(string numbers)
    {
        var y = numbers;
        y = graph.Add("Sub", "numbers.centred", [y, Each("numbers.offset", t => t.Offset)]);
        y = graph.Add("Mul", "numbers.scaled", [y, Each("numbers.factor", t => t.Factor)]);
        y = Piecewise("numbers", y, t => t.Knots!, t => t.Values!);
        y = graph.Add("Max", "numbers.at_least", [y, Each("numbers.min", t => -t.Clip)]);
        return graph.Add("Min", "numbers.at_most", [y, Each("numbers.max", t => t.Clip)]);
    }

    private string Inverse(string raw)
    {
        var y = Slice("output.numbers", raw, 0, layout.Numbers.Length);
        var x = Piecewise("output", y, t => t.Values!, t => t.Knots!);
        x = graph.Add("Div", "output.divided", [x, Each("numbers.factor", t => t.Factor)]);
        x = graph.Add("Add", "output.added", [x, Each("numbers.offset", t => t.Offset)]);
        foreach (var (likelihood, op) in new[] { (ColumnLikelihood.Bernoulli, "Sigmoid"), (ColumnLikelihood.Poisson, "Exp") })
        {
            if (layout.Numbers.All(column => _table.Columns[column].Likelihood != likelihood))
                continue;
            var bounded = likelihood == ColumnLikelihood.Poisson ? Bounded("output", y) : y;
            var mean = graph.Add(op, $"output.{op.ToLowerInvariant()}_mean", [bounded]);
            x = Choose($"output.of_{op.ToLowerInvariant()}", column => _table.Columns[column].Likelihood == likelihood, mean, x);
        }

        return x;
    }

    // Σ clip((y - knot) / width, 0, 1) · rise over the segments, of which the first and the last go on beyond their knot.
    private string Piecewise(
        string name,
        string y,
        Func<NumberTransform, IReadOnlyList<double>> from,
        Func<NumberTransform, IReadOnlyList<double>> to
    )
    {
        var transforms = Transforms;
        if (transforms.All(t => t.Knots is null))
            return y;
        var (count, segments) = (transforms.Length, transforms.Max(t => (t.Knots?.Count ?? 2) - 1));
        var (starts, widths, rises, mins, maxs) = (Values(), Values(), Values(), Values(), Values());
        var first = new float[count];
        for (var i = 0; i < count; i++)
        {
            IReadOnlyList<double> knots = transforms[i].Knots is null ? [0, 1] : from(transforms[i]),
                values = transforms[i].Knots is null ? [0, 1] : to(transforms[i]);
            first[i] = (float)values[0];
            for (var s = 0; s < segments; s++)
            {
                var (at, isThere) = ((i * segments) + s, s < knots.Count - 1);
                starts[at] = isThere ? (float)knots[s] : 0;
                widths[at] = isThere ? (float)(1 / (knots[s + 1] - knots[s])) : 0;
                rises[at] = isThere ? (float)(values[s + 1] - values[s]) : 0;
                mins[at] = s == 0 ? float.NegativeInfinity : 0;
                maxs[at] = s == knots.Count - 2 ? float.PositiveInfinity : 1;
            }
        }

        var each = graph.Add("Unsqueeze", $"{name}.each", [y, graph.Integers($"{name}.last_axis", [2])]);
        var part = graph.Add("Sub", $"{name}.beyond_knot", [each, graph.Matrix($"{name}.knots", count, segments, starts)]);
        part = graph.Add("Mul", $"{name}.part", [part, graph.Matrix($"{name}.widths", count, segments, widths)]);
        part = graph.Add("Max", $"{name}.part_from", [part, graph.Matrix($"{name}.part_min", count, segments, mins)]);
        part = graph.Add("Min", $"{name}.part_to", [part, graph.Matrix($"{name}.part_max", count, segments, maxs)]);
        part = graph.Add("Mul", $"{name}.risen", [part, graph.Matrix($"{name}.rises", count, segments, rises)]);
        var sum = graph.Add("ReduceSum", $"{name}.rise", [part, graph.Integers($"{name}.segments", [2])], ("keepdims", 0));
        return graph.Add("Add", $"{name}.piecewise", [sum, graph.Constant($"{name}.first", first)]);

        float[] Values() => new float[count * segments];
    }

    private string Logs(string absent)
    {
        int[] places = [.. Enumerable.Range(layout.Numbers.Length - layout.Dates - layout.Logs, layout.Logs)];
        NumberTransform[] logs = [.. places.Select(place => _table.Columns[layout.Numbers[place]].Log!)];
        var shifted = graph.Add("Sub", "logs.shifted", [Gather("logs.numbers", _numbers!, places), Values("shift", t => t.LogShift)]);
        var relative = graph.Add(
            "Mul",
            "logs.relative",
            [graph.Add("Abs", "logs.size", [shifted]), Values("scale", t => 1 / t.LogScale!.Value)]
        );
        var log = graph.Add("Log", "logs.log", [graph.Add("Add", "logs.above_one", [relative, graph.Constant("one", 1)])]);
        var signed = graph.Add("Mul", "logs.signed", [log, graph.Add("Sign", "logs.sign", [shifted])]);
        var centred = graph.Add("Sub", "logs.centred", [signed, Values("offset", t => t.Offset)]);
        var scaled = graph.Add("Mul", "logs.scaled", [centred, Values("factor", t => t.Factor)]);
        var clipped = graph.Add("Max", "logs.at_least", [scaled, Values("min", t => -t.Clip)]);
        var units = graph.Add("Min", "logs.at_most", [clipped, Values("max", t => t.Clip)]);
        var known = graph.Add("Sub", "logs.known", [graph.Constant("one", 1), Gather("logs.absent", absent, places)]);
        return graph.Add("Mul", "logs.units", [units, known]);

        string Values(string name, Func<NumberTransform, double> value) =>
            graph.Matrix($"logs.{name}", 1, logs.Length, Array.ConvertAll(logs, t => (float)value(t)));
    }

    private string Circles(string absent)
    {
        int[] dates = [.. Enumerable.Range(layout.Numbers.Length - layout.Dates, layout.Dates)];
        var days = Gather("dates.numbers", _numbers!, dates);
        var parts = new List<string>();
        foreach (var (name, period) in new[] { ("day", 1f), ("week", Week) })
        {
            var turns = graph.Add("Div", $"dates.{name}s", [days, graph.Constant($"dates.{name}_length", period)]);
            var fraction = graph.Add("Sub", $"dates.{name}_part", [turns, graph.Add("Floor", $"dates.{name}_start", [turns])]);
            var angle = graph.Add("Mul", $"dates.{name}_angle", [fraction, graph.Constant("dates.turn", Turn)]);
            parts.Add(graph.Add("Sin", $"dates.{name}_sine", [angle]));
            parts.Add(graph.Add("Cos", $"dates.{name}_cosine", [angle]));
        }

        // From [sine of all, cosine of all, …] to the units of one date after the other; a missing date has zeros.
        int[] order =
        [
            .. Enumerable
                .Range(0, layout.Dates)
                .SelectMany(date => Enumerable.Range(0, parts.Count).Select(part => (part * layout.Dates) + date)),
        ];
        var circles = Gather("dates.circles", Concat("dates.parts", parts), order);
        int[] repeated = [.. dates.SelectMany(date => Enumerable.Repeat(date, parts.Count))];
        var known = graph.Add("Sub", "dates.known", [graph.Constant("one", 1), Gather("dates.absent", absent, repeated)]);
        return graph.Add("Mul", "dates.units", [circles, known]);
    }

    private string NumberErrors(
        string name,
        ColumnLikelihood likelihood,
        string raw,
        string units,
        int from,
        int count,
        float[] logVariance,
        bool withEntropy
    )
    {
        var y = Slice($"{name}.output", raw, from, count);
        var own = () => Slice($"{name}.own", _numbers!, from, count);
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
                var logRate = Bounded(name, y);
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
                var bit = Cast($"{name}.bit", isOne);
                var twice = graph.Add("Mul", $"{name}.twice", [graph.Add("Mul", $"{name}.product", [bit, y]), graph.Constant("two", 2)]);
                var entropy = Activations.WriteSoftplus(graph, $"{name}.entropy", graph.Add("Sub", $"{name}.signed", [y, twice]));
                var outside = graph.Add("Sub", $"{name}.outside", [given, bit]);
                return graph.Add("Add", $"{name}.each", [entropy, graph.Add("Mul", $"{name}.distance", [outside, outside])]);
            default:
                return Squared();
        }

        string Difference() => graph.Add("Sub", $"{name}.difference", [Slice($"{name}.given", units, from, count), y]);

        string Squared()
        {
            var difference = Difference();
            return graph.Add("Mul", $"{name}.squared", [difference, difference]);
        }
    }

    private string Bounded(string name, string logRate)
    {
        var (least, most) = (
            graph.Constant("min_log_rate", -ColumnErrors.MaxLogRate),
            graph.Constant("max_log_rate", ColumnErrors.MaxLogRate)
        );
        return graph.Add("Clip", $"{name}.log_rate", [logRate, least, most]);
    }

    private string DateErrors(string name, string raw, string units)
    {
        var numbers = Squares($"{name}.number", raw, units, layout.Numbers.Length - layout.Dates, layout.Dates);
        var circles = Squares($"{name}.circle", raw, units, layout.DatesFrom, TableLayout.UnitsPerDate * layout.Dates);
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
        var logits = Slice($"{name}.logits", raw, from, width);
        var chosen = Sums("chosen", graph.Add("Mul", $"{name}.product", [logits, _words!]));
        var excluded = graph.Add("Mul", $"{name}.excluded", [_words!, graph.Constant("excluded", (float)ColumnErrors.Excluded)]);
        var rest = graph.Add("Sub", $"{name}.rest", [logits, excluded]);
        var (most, first) = (new List<string>(), 0);
        for (var i = 0; i < columns; i++)
        {
            var own = Slice($"{name}.rest{i}", rest, first, layout.CategoryWidths[i]);
            most.Add(graph.Add("ReduceMax", $"{name}.most{i}", [own], ("axes", new long[] { 1 }), ("keepdims", 1)));
            first += layout.CategoryWidths[i];
        }

        var largest = Concat($"{name}.most", most);
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

        string Sums(string what, string units) => graph.Add("MatMul", $"{name}.{what}", [units, Belongs()]);
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

    private string Squares(string name, string raw, string units, int from, int count)
    {
        var given = Slice($"{name}.given", units, from, count);
        var difference = graph.Add("Sub", $"{name}.difference", [given, Slice($"{name}.output", raw, from, count)]);
        return graph.Add("Mul", $"{name}.squared", [difference, difference]);
    }

    private string Each(string name, Func<NumberTransform, double> value) =>
        graph.Matrix(name, 1, layout.Numbers.Length, Array.ConvertAll(Transforms, t => (float)value(t)));

    // Columns of which "when" holds are taken from the one, the others from the other.
    private string Choose(string name, Func<int, bool> when, string then, string otherwise)
    {
        var mask = graph.Matrix(
            $"{name}.mask",
            1,
            layout.Numbers.Length,
            Array.ConvertAll(layout.Numbers, column => when(column) ? 1f : 0)
        );
        var isSet = graph.Add("Cast", $"{name}.is_set", [mask], ("to", (int)TensorProto.Types.DataType.Bool));
        return graph.Add("Where", name, [isSet, then, otherwise]);
    }

    private string OrZero(string name, string values, string isMissing) =>
        graph.Add("Where", name, [isMissing, graph.Constant("zero", 0), values]);

    private string Cast(string name, string input) => graph.Add("Cast", name, [input], ("to", (int)TensorProto.Types.DataType.Float));

    private string Concat(string name, IReadOnlyList<string> parts) => graph.Concat(name, parts);

    private string Gather(string name, string input, int[] columns) =>
        graph.Add("Gather", name, [input, graph.Integers($"{name}.places", Array.ConvertAll(columns, i => (long)i))], ("axis", 1));

    private string Slice(string name, string input, int from, int count) => graph.Slice(name, input, from, count);

    // ONNX Runtime's own ReduceLogSumExp takes several times as long.
    private string LogSumExp(string name, string values)
    {
        var most = graph.Add("ReduceMax", $"{name}.most", [values], ("axes", new long[] { 1 }), ("keepdims", 1));
        var terms = graph.Add("Exp", $"{name}.terms", [graph.Add("Sub", $"{name}.below_most", [values, most])]);
        return graph.Add("Add", name, [graph.Add("Log", $"{name}.log", [SumLast($"{name}.sum", terms, keep: true)]), most]);
    }

    private string SumLast(string name, string input, bool keep) =>
        graph.Add("ReduceSum", name, [input, graph.Integers($"{name}.axis", [1])], ("keepdims", keep ? 1 : 0));
}

using Latent.Contracts;
using Latent.Contracts.Tables;
using Latent.Models.Onnx;
using Latent.Models.Onnx.Proto;
using TorchSharp.Modules;

namespace Latent.Models.Tables;

/// <summary>Writes the inputs of a table, and their conversion to model units.</summary>
internal sealed class TableInputGraph(OnnxGraph graph, TableLayout layout)
{
    private const float Week = 7;
    private const float Turn = (float)(2 * Math.PI);

    /// <summary>Writes the inputs and the conversion to model units.</summary>
    public TableUnits Write()
    {
        var (units, present) = (new List<string>(), new List<string>());
        string? known = null,
            words = null;
        IReadOnlyList<string> codes = [];
        if (layout.Numbers.Length > 0)
        {
            var numbers = Numbers();
            var absent = graph.ToFloat("numbers.absent", graph.Add("IsNaN", "numbers.is_missing", [numbers]));
            present.Add(graph.Add("Sub", "numbers.present", [graph.Constant("one", 1), absent]));
            units.Add(OrZero("numbers.units", new NumberTransformGraph(graph, layout).Forward(numbers), "numbers.is_missing"));
            known = OrZero("numbers.known", numbers, "numbers.is_missing");
            if (layout.Logs > 0)
                units.Add(Logs(known, absent));
            if (layout.Dates > 0)
                units.Add(Circles(known, absent));
            if (layout.WithMissing.Length > 0)
                units.Add(graph.Columns("numbers.told_missing", absent, layout.WithMissing));
        }

        if (layout.Categories.Length > 0)
        {
            codes = Codes();
            var missing = graph.Add(
                "Equal",
                "categories.is_missing",
                [graph.Concat("categories.codes", codes), graph.Constant("categories.missing", TableDescription.Missing)]
            );
            present.Add(graph.Add("Sub", "categories.present", [graph.Constant("one", 1), graph.ToFloat("categories.absent", missing)]));
            var levels = new List<string>();
            for (var i = 0; i < layout.Categories.Length; i++)
            {
                float[] each = [.. Enumerable.Range(0, layout.CategoryWidths[i]).Select(n => (float)(n - TableLayout.UnitsBeforeLevels))];
                levels.Add(
                    graph.Add("Equal", $"categories.is_level{i}", [codes[i], graph.Matrix($"categories.levels{i}", 1, each.Length, each)])
                );
            }

            units.Add(words = graph.ToFloat("categories.units", graph.Concat("categories.is_level", levels)));
        }

        return new TableUnits(
            graph.Concat("units", units),
            graph.Columns("present", graph.Concat("present.laid_out", present), layout.Places()),
            known,
            words,
            codes
        );
    }

    /// <summary>Writes what the encoder gets: the units, with the learned values of words that have an embedding in their place.</summary>
    /// <param name="table">What <see cref="Write"/> returned.</param>
    /// <param name="embeddings">The embedding of each column of words, or null.</param>
    public string EncoderInput(TableUnits table, IReadOnlyList<Linear?> embeddings)
    {
        if (embeddings.All(embedding => embedding is null))
            return table.Units;
        var (parts, from) = (new List<string>(), layout.WordsFrom);
        if (from > 0)
            parts.Add(graph.Slice("embeddings.numbers", table.Units, 0, from));
        foreach (var (i, embedding) in embeddings.Index())
        {
            var width = layout.CategoryWidths[i];
            parts.Add(
                embedding is null
                    ? graph.Slice($"embeddings.units{i}", table.Units, from, width)
                    : Embedded($"embedding{i}", embedding, table.Codes[i])
            );
            from += width;
        }

        return graph.Concat("embeddings", parts);
    }

    // A unit of 1 times the weights is the column of them that its place says.
    private string Embedded(string name, Linear embedding, string code)
    {
        var place = graph.Add("Add", $"{name}.unit", [code, graph.Constant("units_before_levels", TableLayout.UnitsBeforeLevels)]);
        var index = graph.Add("Cast", $"{name}.place", [place], ("to", (int)TensorProto.Types.DataType.Int64));
        var values = graph.Add("Gather", $"{name}.values", [graph.Weight($"{name}.weight", embedding.weight!.t()), index], ("axis", 0));
        return graph.Add("Reshape", name, [values, graph.Integers($"{name}.shape", [0, embedding.weight!.shape[0]])]);
    }

    private string Numbers()
    {
        var columns = layout.Table.Numbers();
        var names = string.Join(", ", columns.Select(Describe));
        var input = graph.Input(
            layout.Categories.Length > 0 ? TensorNames.Numbers : TensorNames.Input,
            [columns.Count],
            $"Numbers in the data's own units, NaN where one is missing: {names}."
        );
        int[] order = [.. layout.Numbers.Select(column => columns.Index().First(c => c.Item == column).Index)];
        return order.Index().All(place => place.Item == place.Index) ? input : graph.Columns("numbers.ordered", input, order);
    }

    private string Describe(int index)
    {
        var column = layout.Table.Columns[index];
        return column.Origin is { } origin ? $"{column.Name} (days since {origin:yyyy-MM-dd})" : column.Name;
    }

    private IReadOnlyList<string> Codes()
    {
        var codes = new List<string>();
        var names = string.Join(", ", layout.Table.Categories().Select(column => layout.Table.Columns[column].Name));
        var input = graph.Input(
            TensorNames.Categories,
            [layout.Categories.Length],
            $"Words, \"\" where one is missing: {names}.",
            isText: true
        );
        for (var i = 0; i < layout.Categories.Length; i++)
        {
            var levels = layout.Table.Columns[layout.Categories[i]].Levels!;
            codes.Add(
                graph.AddMl(
                    "LabelEncoder",
                    $"categories.code{i}",
                    [graph.Slice($"categories.column{i}", input, i, 1)],
                    ("keys_strings", (string[])["", .. levels]),
                    ("values_floats", (float[])[TableDescription.Missing, .. Enumerable.Range(0, levels.Count).Select(n => (float)n)]),
                    ("default_float", TableDescription.Unseen)
                )
            );
        }

        return codes;
    }

    private string Logs(string numbers, string absent)
    {
        int[] places = [.. Enumerable.Range(layout.Numbers.Length - layout.Dates - layout.Logs, layout.Logs)];
        NumberTransform[] logs = [.. places.Select(place => layout.Table.Columns[layout.Numbers[place]].Log!)];
        var shifted = graph.Add("Sub", "logs.shifted", [graph.Columns("logs.numbers", numbers, places), Values("shift", t => t.LogShift)]);
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
        var known = graph.Add("Sub", "logs.known", [graph.Constant("one", 1), graph.Columns("logs.absent", absent, places)]);
        return graph.Add("Mul", "logs.units", [units, known]);

        string Values(string name, Func<NumberTransform, double> value) =>
            graph.Matrix($"logs.{name}", 1, logs.Length, Array.ConvertAll(logs, t => (float)value(t)));
    }

    private string Circles(string numbers, string absent)
    {
        int[] dates = [.. Enumerable.Range(layout.Numbers.Length - layout.Dates, layout.Dates)];
        var days = graph.Columns("dates.numbers", numbers, dates);
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
        var circles = graph.Columns("dates.circles", graph.Concat("dates.parts", parts), order);
        int[] repeated = [.. dates.SelectMany(date => Enumerable.Repeat(date, parts.Count))];
        var known = graph.Add("Sub", "dates.known", [graph.Constant("one", 1), graph.Columns("dates.absent", absent, repeated)]);
        return graph.Add("Mul", "dates.units", [circles, known]);
    }

    private string OrZero(string name, string values, string isMissing) =>
        graph.Add("Where", name, [isMissing, graph.Constant("zero", 0), values]);
}

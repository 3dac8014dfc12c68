using Latent.Contracts;
using Latent.Contracts.Tables;
using Latent.Models.Onnx;
using Latent.Models.Onnx.Proto;

namespace Latent.Models.Tables;

/// <summary>Writes the conversion of the decoders' outputs to the cells of a table.</summary>
internal sealed class TableOutputGraph(OnnxGraph graph, TableLayout layout)
{
    /// <summary>Writes the conversion of the decoders' outputs to the outputs "output" and, with words, "output_categories".</summary>
    /// <param name="raws">The output of the decoder, or of each member of an ensemble.</param>
    public void Write(IReadOnlyList<string> raws)
    {
        var cells = new List<string>();
        if (layout.Numbers.Length > 0)
            cells.Add(graph.Mean("output.mean_numbers", graph.ForEach(raws, Numbers)));
        var (first, words) = (layout.WordsFrom, new List<string>());
        for (var i = 0; i < layout.Categories.Length; i++)
        {
            var width = layout.CategoryWidths[i];
            var at = first;
            var (scores, skipped) =
                raws.Count == 1
                    ? (raws[0], first)
                    : (graph.Mean($"output.probabilities{i}", graph.ForEach(raws, raw => Probabilities(i, raw, at, width))), 0);
            var levels = graph.Slice(
                $"output.levels{i}",
                scores,
                skipped + TableLayout.UnitsBeforeLevels,
                width - TableLayout.UnitsBeforeLevels
            );
            var best = graph.Add("ArgMax", $"output.best{i}", [levels], ("axis", 1), ("keepdims", 1));
            cells.Add(graph.ToFloat($"output.level{i}", best));
            string[] texts = [.. layout.Table.Columns[layout.Categories[i]].Levels!];
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

        var output = graph.Columns("output.columns", graph.Concat("output.laid_out", cells), layout.Places());
        var what = words.Count > 0 ? "; of words the position of the level" : "";
        graph.Output(output, TensorNames.Output, [layout.Columns], $"The reconstruction in the data's own units{what}.");
        if (words.Count > 0)
        {
            var text = graph.Concat("output.texts", words);
            graph.Output(text, TensorNames.OutputCategories, [words.Count], "The words of the reconstruction.", isText: true);
        }
    }

    private string Numbers(string raw)
    {
        var y = graph.Slice("output.numbers", raw, 0, layout.Numbers.Length);
        var x = new NumberTransformGraph(graph, layout).Inverse(y);
        foreach (var (likelihood, op) in new[] { (ColumnLikelihood.Bernoulli, "Sigmoid"), (ColumnLikelihood.Poisson, "Exp") })
        {
            if (layout.Numbers.All(column => layout.Table.Columns[column].Likelihood != likelihood))
                continue;
            var bounded = likelihood == ColumnLikelihood.Poisson ? ColumnErrorsGraph.LogRate(graph, "output", y) : y;
            var mean = graph.Add(op, $"output.{op.ToLowerInvariant()}_mean", [bounded]);
            x = Choose($"output.of_{op.ToLowerInvariant()}", column => layout.Table.Columns[column].Likelihood == likelihood, mean, x);
        }

        return x;
    }

    private string Probabilities(int index, string raw, int from, int width)
    {
        var logits = graph.Slice($"output.logits{index}", raw, from, width);
        var below = graph.Add("Sub", $"output.log{index}", [logits, LogSumExp($"output.sum{index}", logits)]);
        return graph.Add("Exp", $"output.own{index}", [below]);
    }

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

    // ONNX Runtime's own ReduceLogSumExp takes several times as long.
    private string LogSumExp(string name, string values)
    {
        var most = graph.Add("ReduceMax", $"{name}.most", [values], ("axes", new long[] { 1 }), ("keepdims", 1));
        var terms = graph.Add("Exp", $"{name}.terms", [graph.Add("Sub", $"{name}.below_most", [values, most])]);
        return graph.Add(
            "Add",
            name,
            [
                graph.Add(
                    "Log",
                    $"{name}.log",
                    [graph.Add("ReduceSum", $"{name}.sum", [terms, graph.Integers($"{name}.sum.axis", [1])], ("keepdims", 1))]
                ),
                most,
            ]
        );
    }
}

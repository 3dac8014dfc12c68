using Latent.Contracts.Tables;
using Latent.Models.Onnx;

namespace Latent.Models.Tables;

/// <summary>Writes the conversion of a table's numbers to model units and back; see <see cref="NumberTransform"/>.</summary>
internal sealed class NumberTransformGraph(OnnxGraph graph, TableLayout layout)
{
    private NumberTransform[] Transforms => [.. layout.Numbers.Select(column => layout.Table.Columns[column].Transform!)];

    /// <summary>Writes model units of numbers, [batch, numbers].</summary>
    public string Forward(string numbers)
    {
        var y = graph.Add("Sub", "numbers.centred", [numbers, Each("numbers.offset", t => t.Offset)]);
        y = graph.Add("Mul", "numbers.scaled", [y, Each("numbers.factor", t => t.Factor)]);
        y = Piecewise("numbers", y, t => t.Knots!, t => t.Values!);
        y = graph.Add("Max", "numbers.at_least", [y, Each("numbers.min", t => -t.Clip)]);
        return graph.Add("Min", "numbers.at_most", [y, Each("numbers.max", t => t.Clip)]);
    }

    /// <summary>Writes the numbers of model units.</summary>
    public string Inverse(string y)
    {
        var x = Piecewise("output", y, t => t.Values!, t => t.Knots!);
        x = graph.Add("Div", "output.divided", [x, Each("numbers.factor", t => t.Factor)]);
        return graph.Add("Add", "output.added", [x, Each("numbers.offset", t => t.Offset)]);
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

    private string Each(string name, Func<NumberTransform, double> value) =>
        graph.Matrix(name, 1, layout.Numbers.Length, Array.ConvertAll(Transforms, t => (float)value(t)));
}

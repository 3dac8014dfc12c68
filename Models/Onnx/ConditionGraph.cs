using Latent.Contracts;

namespace Latent.Models.Onnx;

/// <summary>Writes the labels that rows are conditioned on.</summary>
internal static class ConditionGraph
{
    /// <summary>Writes the input of labels and their units, [batch, classes]: 1 for the label, else 0.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="model">The model.</param>
    /// <returns>The name of the units; null for a model without a condition.</returns>
    public static string? Write(OnnxGraph graph, Autoencoder model)
    {
        if (model.Input.Classes is not { } classes)
            return null;
        var input = graph.Input(
            TensorNames.Condition,
            [1],
            $"Labels: {string.Join(", ", classes)}. Another one is as none of them.",
            isText: true
        );
        float[] places = [.. Enumerable.Range(0, classes.Count).Select(i => (float)i)];
        var index = graph.AddMl(
            "LabelEncoder",
            "condition.index",
            [input],
            ("keys_strings", classes.ToArray()),
            ("values_floats", places),
            ("default_float", -1f)
        );
        var isLabel = graph.Add("Equal", "condition.is_label", [index, graph.Matrix("condition.places", 1, places.Length, places)]);
        return graph.ToFloat("condition.units", isLabel);
    }

    /// <summary>Writes values and the units of labels after them; beside images each unit is a channel.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="name">Name of the result.</param>
    /// <param name="values">[batch, …shape].</param>
    /// <param name="units">What <see cref="Write"/> returned.</param>
    /// <param name="shape">The values' shape.</param>
    public static string Join(OnnxGraph graph, string name, string values, string units, IReadOnlyList<int> shape)
    {
        if (shape.Count == 1)
            return graph.Concat(name, [values, units]);
        var pixels = graph.Add("Unsqueeze", $"{name}.pixel", [units, graph.Integers($"{name}.axes", [2, 3])]);
        var plane = graph.Matrix($"{name}.plane", shape[1], shape[2], [.. Enumerable.Repeat(1f, shape[1] * shape[2])]);
        return graph.Concat(name, [values, graph.Add("Mul", $"{name}.planes", [pixels, plane])]);
    }
}

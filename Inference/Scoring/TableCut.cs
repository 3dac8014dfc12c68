using System.Globalization;
using System.Runtime.InteropServices;
using Latent.Contracts;
using Latent.Contracts.Tables;
using Latent.Inference.Saving;
using static Latent.Inference.Saving.OnnxFields;

namespace Latent.Inference.Scoring;

/// <summary>
/// Cuts out of a table's graph what takes ONNX Runtime most of its time and is little to do here: it looks up words that the reader has
/// looked up before, and multiplies mostly zeros to find the nearest training rows. The rest of the graph computes what it did.
/// </summary>
internal sealed class TableCut
{
    /// <summary>Name of the input of all codes, where there are several columns of words: missing, unseen or the level.</summary>
    public const string Codes = "categories.codes";

    /// <summary>Name of the input of all units of words.</summary>
    public const string Words = "categories.units";

    private const string Code = "categories.code",
        Units = "units",
        Reconstruction = "score.reconstruction",
        Factor = "score.density_factor",
        Both = "score.both";

    // What DensityScore writes, in order; a graph that has something else is computed as it is.
    private static readonly (string Name, string Op)[] s_density =
    [
        ("density.square", "Mul"),
        ("density.size", "ReduceSum"),
        ("density.with_size", "Concat"),
        ("density.nearness", "Gemm"),
        ("density.best", "TopK"),
        ("density.nearest_rows", "Gather"),
        ("density.each", "Unsqueeze"),
        ("density.differences", "Sub"),
        ("density.distances.squares", "Mul"),
        ("density.distances.sum", "ReduceSum"),
        ("density.distances.blurred", "Add"),
        ("density.distances", "Sqrt"),
        ("density.nearest_radii", "Gather"),
        ("density.relative_distances", "Div"),
        ("density.closest", "TopK"),
        ("density.distance", "ReduceMean"),
        ("score.density", "Mul"),
        (Both, "Add"),
    ];

    private TableCut(TableLayout layout) => Layout = layout;

    /// <summary>Gets the graph that is left; where <see cref="Nearest"/> is not null, its scores have no density term.</summary>
    public byte[] Model { get; private set; } = [];

    /// <summary>Gets the names of its inputs.</summary>
    public IReadOnlyList<string> Inputs { get; private set; } = [];

    /// <summary>Gets what adds the density term to scores; null if the graph does.</summary>
    public NearestRows? Nearest { get; private set; }

    /// <summary>
    /// Gets the name of the output of a row's units that <see cref="Nearest"/> reads; null if it reads none, as a row has only words.
    /// </summary>
    public string? UnitsOutput { get; private set; }

    public TableLayout Layout { get; }

    /// <summary>Cuts a graph.</summary>
    /// <param name="model">The bytes of an ONNX file that Latent's export wrote.</param>
    /// <param name="outputs">Names of the outputs that are requested.</param>
    /// <param name="table">The table whose cells it reads.</param>
    /// <returns>What is left; null if the graph reads no words, or not in a way that is known.</returns>
    public static TableCut? Of(byte[] model, IReadOnlyCollection<string> outputs, TableDescription table)
    {
        var cut = new TableCut(new TableLayout(table));
        var message = WireMessage.Parse(model);
        var isCut = false;
        message.ReplaceMessages(Graph, graph => isCut = cut.Cut(graph, outputs));
        cut.Model = message.ToArray();
        return isCut ? cut : null;
    }

    /// <summary>Gets the column, as an index among those of words, whose codes an input has.</summary>
    public static int ColumnOf(string input) => int.Parse(input.AsSpan(Code.Length), CultureInfo.InvariantCulture);

    private static string CodeOf(int index) => string.Create(CultureInfo.InvariantCulture, $"{Code}{index}");

    private bool Cut(WireMessage graph, IReadOnlyCollection<string> outputs)
    {
        var nodes = graph.Messages(Node).SelectMany(node => node.Strings(NodeOutput), (_, name) => name).ToHashSet(StringComparer.Ordinal);
        var byName = graph.Messages(Node).ToLookup(node => node.Strings(NodeName).LastOrDefault(""), StringComparer.Ordinal);
        var count = Layout.Categories.Length;
        if (count == 0 || !nodes.Contains(Words) || (count > 1 && !nodes.Contains(Codes)) || byName[CodeOf(count)].Any())
            return false;
        for (var i = 0; i < count; i++)
        {
            if (!byName[CodeOf(i)].Any(node => LooksUp(node, Layout.Table.Columns[Layout.Categories[i]].Levels!)))
                return false;
        }

        if (outputs.Contains(TensorNames.Score))
            CutDensity(graph, byName);
        Dictionary<string, int> inputs = Enumerable.Range(0, count).ToDictionary(CodeOf, _ => 1, StringComparer.Ordinal);
        inputs[Words] = Layout.Width - Layout.WordsFrom;
        if (count > 1)
            inputs[Codes] = count;
        graph.Fields.RemoveAll(field =>
            field.Number == Node && WireMessage.Parse(field.Payload).Strings(NodeOutput).Any(inputs.ContainsKey)
        );
        GraphPruning.Prune(graph, UnitsOutput is null ? outputs : [.. outputs, UnitsOutput]);
        var read = graph.Messages(Node).SelectMany(node => node.Strings(NodeInput)).ToHashSet(StringComparer.Ordinal);
        if (read.Contains(TensorNames.Categories))
            return false;
        graph.Fields.RemoveAll(field => field.Number == Input && !read.Contains(NameOf(WireMessage.Parse(field.Payload))));
        foreach (var (name, width) in inputs.Where(input => read.Contains(input.Key)))
            graph.Add(Input, Declare(name, width));
        Inputs = [.. graph.Messages(Input).Select(NameOf)];
        return true;
    }

    // Whether a node makes of "" what is missing, of each level its position, and of other words what is unseen.
    private static bool LooksUp(WireMessage node, IReadOnlyList<string> levels)
    {
        var attributes = node.Messages(NodeAttribute).ToDictionary(a => a.Strings(AttributeName).LastOrDefault(""), StringComparer.Ordinal);
        return node.Strings(OpType).LastOrDefault() == "LabelEncoder"
            && attributes.TryGetValue("keys_strings", out var keys)
            && keys.Strings(AttributeStrings).SequenceEqual(levels.Prepend(""), StringComparer.Ordinal)
            && attributes.TryGetValue("values_floats", out var values)
            && Floats(values, AttributeFloats)
                .SequenceEqual(Enumerable.Range(0, levels.Count).Select(i => (float)i).Prepend(TableDescription.Missing))
            && attributes.TryGetValue("default_float", out var other)
            && Floats(other, AttributeFloat) is [TableDescription.Unseen];
    }

    private void CutDensity(WireMessage graph, ILookup<string, WireMessage> nodes)
    {
        var units = Layout.WordsFrom == 0 ? Words : Units;
        if (
            !s_density.All(node => nodes[node.Name].FirstOrDefault()?.Strings(OpType).LastOrDefault() == node.Op)
            || !nodes["density.square"].First().Strings(NodeInput).All(input => input == units)
            || !nodes[Both].First().Strings(NodeInput).SequenceEqual([Reconstruction, "score.density"])
            || !nodes[Both].First().Strings(NodeOutput).SequenceEqual([TensorNames.Score])
        )
        {
            return;
        }

        var tensors = graph.Messages(Initializer).ToLookup(tensor => tensor.Strings(TensorName).LastOrDefault(""), StringComparer.Ordinal);
        var (points, radii) = (Values<float>(tensors["density.prototypes"]), Values<float>(tensors["density.radii"]));
        if (
            radii.Length == 0
            || points.Length != radii.Length * Layout.Width
            || Values<long>(tensors["density.neighbors"]) is not [> 0 and var neighbors]
            || neighbors > radii.Length
            || Values<float>(tensors["density.blur"]) is not [var blur]
            || Values<float>(tensors[Factor]) is not [var factor]
        )
        {
            return;
        }

        Nearest = new NearestRows(Layout, points, radii, (int)neighbors, blur, factor);
        graph.Fields.RemoveAll(field => field.Number == Node && WireMessage.Parse(field.Payload).Strings(NodeName).LastOrDefault() == Both);
        graph.ReplaceMessages(Node, node => node.ReplaceStrings(NodeOutput, name => name == Reconstruction ? TensorNames.Score : name));
        if (Layout.WordsFrom == 0)
            return;
        UnitsOutput = Units;
        graph.Add(Output, Declare(Units, Layout.Width));
    }

    private static float[] Floats(WireMessage message, int field) =>
        [.. message.Fields.Where(f => f.Number == field).SelectMany(f => MemoryMarshal.Cast<byte, float>(f.Payload.Span).ToArray())];

    private static T[] Values<T>(IEnumerable<WireMessage> tensors)
        where T : unmanaged =>
        [
            .. tensors
                .SelectMany(tensor => tensor.Fields)
                .Where(field => field.Number == TensorBytes)
                .SelectMany(field => MemoryMarshal.Cast<byte, T>(field.Payload.Span).ToArray()),
        ];

    private static WireMessage Declare(string name, int width)
    {
        var shape = new WireMessage()
            .Add(Dimension, new WireMessage().Add(DimensionName, TensorNames.Batch))
            .Add(Dimension, new WireMessage().Add(DimensionValue, width));
        var tensor = new WireMessage().Add(ElementType, FloatType).Add(TensorShape, shape);
        return new WireMessage().Add(ValueName, name).Add(ValueInfoType, new WireMessage().Add(TensorType, tensor));
    }

    private static string NameOf(WireMessage value) => value.Strings(ValueName).LastOrDefault("");
}

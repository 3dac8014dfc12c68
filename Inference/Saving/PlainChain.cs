using Latent.Contracts;
using Latent.Inference.Pipeline;
using Latent.Inference.Scoring;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Latent.Inference.Saving;

/// <summary>
/// Saves a transformer as ML.NET's own: ApplyOnnxModel and, where its vectors are not yet the columns that the transformer adds, a few
/// transforms behind it.
/// </summary>
internal static class PlainChain
{
    // The only transforms of ML.NET that make a Single out of a vector are regressions, and all of them use this column name.
    private const string ScoreColumn = "Score";

    /// <summary>Why a mapping that reads labels is not saved, with the remedy.</summary>
    public const string ForLabels =
        "its rows are conditioned on labels, which saved models do not read; load the bundle with LatentBundle.Load instead.";

    private const string WayOut = "or save with ml.Latent().Save and load with ml.Latent().Load";

    /// <summary>
    /// Tells whether ApplyOnnxModel must be followed by others: it adds vectors only, beside the column that it reads, and cuts ".output"
    /// off their names.
    /// </summary>
    public static bool IsNeeded(Mapping mapping) =>
        mapping.Outputs.Any(o => o.IsScalar || o.Name == mapping.Input || o.Name.EndsWith(".output", StringComparison.Ordinal));

    /// <summary>Explains why a chain could not compute the mapping's columns from such data, with the remedy; null if it can.</summary>
    /// <exception cref="LatentException">There is no column to read, or its type is not suitable.</exception>
    public static string? Refusal(Mapping mapping, DataViewSchema schema)
    {
        var name = $"{mapping.Operation} cannot be saved for plain ML.NET";
        return mapping.InputColumns(schema)[0].Type switch
        {
            _ when mapping.Table is not null || mapping.Outputs.Any(o => o.Kind == OutputKind.Cell) =>
                $"{name}: ApplyOnnxModel has no columns of several kinds; load the bundle with LatentBundle.Load instead, {WayOut}.",
            _ when mapping.Label is not null => $"{name}: {ForLabels}",
            _ when mapping.Outputs.FirstOrDefault(o => !SavedGraph.IsPlain(o)) is { } output =>
                $"{name}: ApplyOnnxModel does not judge scores, as column '{output.Name}' does; leave that out, {WayOut}.",
            _ when mapping.Outputs.Any(o => o.Kind == OutputKind.Sample) =>
                $"{name}: it draws random numbers, which ApplyOnnxModel does not; save Encode instead, {WayOut}.",
            ImageDataViewType =>
                $"{name}: it reads images, which ApplyOnnxModel does not; put ResizeImages and ExtractPixels before it, {WayOut}.",
            VectorDataViewType { IsKnownSize: false } => $"{name}: ApplyOnnxModel does not read vectors of unknown size; "
                + $"give column '{mapping.Input}' its size of {mapping.InputLength}, {WayOut}.",
            _ when schema.GetColumnOrNull(ScoreColumn) is not null
                    && mapping.Outputs.Any(o => o.IsScalar)
                    && mapping.Outputs.All(o => o.Name != ScoreColumn) =>
                $"{name}: it would lose the data's own column '{ScoreColumn}'; rename that column, {WayOut}.",
            _ => null,
        };
    }

    /// <summary>Saves the chain or, where there is nothing to add, ApplyOnnxModel.</summary>
    /// <exception cref="LatentException">The columns can't be computed without this library.</exception>
    public static void Save(MLContext ml, Mapping mapping, ModelSaveContext ctx)
    {
        if (mapping.PlainRefusal is { } refusal)
            throw new LatentException(refusal);
        string[] outputs = [.. mapping.Outputs.Select((_, i) => SavedGraph.PlainOutput(mapping, i))];
        using var graph = ApplyGraph(ml, mapping, outputs, isPlain: true);
        var members = new List<ITransformer> { graph.Transformer };
        if (IsNeeded(mapping))
        {
            var data = graph.Transformer.Transform(graph.Data);
            var copies = outputs.ToArray();
            foreach (var i in Enumerable.Range(0, outputs.Length).Where(i => mapping.Outputs[i].IsScalar))
            {
                copies[i] = $"{outputs[i]}/scalar";
                Add(FirstValue(ml, outputs[i]));
                Add(ml.Transforms.Conversion.ConvertType(copies[i], ScoreColumn, DataKind.Single).Fit(data));
            }

            for (var i = 0; i < outputs.Length; i++)
                Add(ml.Transforms.CopyColumns(mapping.Outputs[i].Name, copies[i]).Fit(data));
            var isOurs = mapping.Outputs.Any(o => o.Name == ScoreColumn);
            var scratch = outputs.Concat(copies).Concat(!isOurs && copies.Except(outputs).Any() ? [ScoreColumn] : []).Distinct();
            Add(ml.Transforms.DropColumns([.. scratch]).Fit(data));

            void Add(ITransformer transformer)
            {
                members.Add(transformer);
                data = transformer.Transform(data);
            }
        }

        ICanSaveModel saved = members.Count == 1 ? members[0] : new TransformerChain<ITransformer>([.. members]);
        saved.Save(ctx);
    }

    /// <summary>Saves the graph for <see cref="SavedModel.Load"/> only.</summary>
    public static void SaveGraph(MLContext ml, Mapping mapping, ModelSaveContext ctx)
    {
        if (mapping.Label is not null)
            throw new LatentException($"{mapping.Operation} cannot be saved: {ForLabels}");
        using var graph = ApplyGraph(ml, mapping, SavedGraph.BatchOutputs(mapping), isPlain: false);
        ((ICanSaveModel)graph.Transformer).Save(ctx);
    }

    private static Applied ApplyGraph(MLContext ml, Mapping mapping, IReadOnlyList<string> outputs, bool isPlain)
    {
        OnnxRuntimeTelemetry.SwitchOff();
        using var model = new MemoryStream(SavedGraph.Build(mapping, isPlain));
        var definition = SchemaDefinition.Create(typeof(InputRow));
        var (numbers, words) = (definition[nameof(InputRow.Numbers)], definition[nameof(InputRow.Words)]);
        var inputs = SavedGraph.Inputs(mapping);
        if (RowTensors.HasWords(mapping.Table))
        {
            words.ColumnName = inputs[^1];
            words.ColumnType = new VectorDataViewType(TextDataViewType.Instance, mapping.Table!.Categories().Count);
        }
        else
        {
            definition.Remove(words);
        }

        if (RowTensors.HasWords(mapping.Table) && inputs.Count == 1)
        {
            definition.Remove(numbers);
        }
        else
        {
            numbers.ColumnName = inputs[0];
            var length = inputs.Count == 1 ? mapping.InputLength : mapping.Table!.Numbers().Count;
            numbers.ColumnType = new VectorDataViewType(NumberDataViewType.Single, length);
        }

        var empty = ml.Data.LoadFromEnumerable<InputRow>([], definition);
        return new Applied(ml.Transforms.ApplyOnnxModel([.. outputs], [.. inputs], model).Fit(empty), empty);
    }

    /// <summary>
    /// Makes a regression that returns the only value of its vector unchanged: its weight is exactly 1 and its bias exactly 0, which two
    /// steps of gradient descent reach without rounding. From weight and bias 0, the value 1 with label 1/2 makes both 1/2; then -1, for
    /// which they give 0 and its label is -1/2, makes them 1 and 0.
    /// </summary>
    private static ITransformer FirstValue(MLContext ml, string vectorColumn)
    {
        var definition = SchemaDefinition.Create(typeof(Example));
        definition[nameof(Example.Value)].ColumnName = vectorColumn;
        Example[] rows = [new() { Value = [1], Label = 0.5f }, new() { Value = [-1], Label = -0.5f }];
        var examples = ml.Data.LoadFromEnumerable(rows, definition);
        return ml
            .Regression.Trainers.OnlineGradientDescent(
                new()
                {
                    FeatureColumnName = vectorColumn,
                    LearningRate = 0.5f,
                    DecreaseLearningRate = false,
                    L2Regularization = 0,
                    Averaged = false,
                    Shuffle = false,
                    NumberOfIterations = 1,
                }
            )
            .Fit(examples);
    }

    private sealed record Applied(ITransformer Transformer, IDataView Data) : IDisposable
    {
        public void Dispose() => (Transformer as IDisposable)?.Dispose();
    }

    private sealed class InputRow
    {
        public float[] Numbers { get; set; } = [];

        public string[] Words { get; set; } = [];
    }

    private sealed class Example
    {
        [VectorType(1)]
        public float[] Value { get; set; } = [];

        public float Label { get; set; }
    }
}

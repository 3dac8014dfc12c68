using System.Text.Json.Serialization;
using Latent.Contracts;
using Latent.Contracts.Tables;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Inference.Pipeline;

/// <summary>Specifies what an added column holds.</summary>
internal enum OutputKind
{
    Code,
    LogVariance,
    Sample,
    Output,
    ReconstructionError,
    Kl,

    // Saved models have the former name.
    [JsonStringEnumMemberName("Objective")]
    Score,
    FeatureErrors,
    IsAnomaly,
    PValue,
    Explanation,
    Cell,
}

/// <summary>Represents an added column.</summary>
/// <param name="Name">The column's name.</param>
/// <param name="Kind">What the column holds.</param>
/// <param name="Shape">Shape of a value; empty for a scalar.</param>
/// <param name="Seed">Seed of the draws, if the column has any.</param>
internal sealed record OutputColumn(string Name, OutputKind Kind, IReadOnlyList<int> Shape, long Seed = 0)
{
    /// <summary>Gets the table that the bundle reads; null for others.</summary>
    public TableDescription? Table { get; init; }

    /// <summary>Gets the scores of normal rows, for <see cref="OutputKind.PValue"/>.</summary>
    public ScoreDistribution? Scores { get; init; }

    /// <summary>Gets the score from which on a row is an anomaly, for <see cref="OutputKind.IsAnomaly"/>.</summary>
    public double Threshold { get; init; }

    /// <summary>Gets the number of columns that an <see cref="OutputKind.Explanation"/> names at most.</summary>
    public int Explanations { get; init; }

    /// <summary>Gets the index of the table's column that a <see cref="OutputKind.Cell"/> is of.</summary>
    public int Column { get; init; }

    /// <summary>
    /// Gets whether a <see cref="OutputKind.Cell"/> is made one that a table has, rather than what is expected on average.
    /// </summary>
    public bool IsDrawn { get; init; }

    public bool IsScalar => Shape.Count == 0;

    public DataViewType Type =>
        Kind switch
        {
            OutputKind.IsAnomaly => BooleanDataViewType.Instance,
            OutputKind.Explanation => TextDataViewType.Instance,
            OutputKind.Cell when Table!.Columns[Column].Levels is not null => TextDataViewType.Instance,
            OutputKind.Cell when Table!.Columns[Column].Kind == TableColumnKind.DateTime => DateTimeDataViewType.Instance,
            _ when IsScalar => NumberDataViewType.Single,
            _ => new VectorDataViewType(NumberDataViewType.Single, Shape.ToArray()),
        };

    /// <summary>Gets the names of the values of a vector; null if they have none.</summary>
    public IReadOnlyList<string>? SlotNames =>
        Kind == OutputKind.FeatureErrors && Table is not null ? [.. Table.Columns.Select(column => column.Name)] : null;

    /// <summary>Gets the annotations of the column; null if it has none.</summary>
    public DataViewSchema.Annotations? Annotations
    {
        get
        {
            if (SlotNames is not { } names)
                return null;
            var annotations = new DataViewSchema.Annotations.Builder();
            ReadOnlyMemory<char>[] slots = [.. names.Select(name => name.AsMemory())];
            annotations.Add(
                "SlotNames",
                new VectorDataViewType(TextDataViewType.Instance, slots.Length),
                (ref VBuffer<ReadOnlyMemory<char>> value) => value = new VBuffer<ReadOnlyMemory<char>>(slots.Length, slots)
            );
            return annotations.ToAnnotations();
        }
    }

    /// <summary>Gets the graph's outputs that the values are made of.</summary>
    public IReadOnlyList<string> Tensors =>
        Kind switch
        {
            OutputKind.Code => [TensorNames.LatentMean],
            OutputKind.LogVariance => [TensorNames.LatentLogVariance],
            OutputKind.Sample => [TensorNames.LatentMean, TensorNames.LatentLogVariance],
            OutputKind.FeatureErrors when Table is not null => [TensorNames.FeatureErrors],
            OutputKind.Output or OutputKind.FeatureErrors or OutputKind.Cell => [TensorNames.Output],
            OutputKind.ReconstructionError => [TensorNames.ReconstructionError],
            OutputKind.Kl => [TensorNames.Kl],
            OutputKind.Explanation => [TensorNames.Output, TensorNames.FeatureErrors],
            OutputKind.Score or OutputKind.IsAnomaly or OutputKind.PValue => Table is null
                ? [TensorNames.ReconstructionError, TensorNames.Kl]
                : [TensorNames.Score],
            _ => throw new ArgumentOutOfRangeException(nameof(Kind), Kind, "There is no such kind of column."),
        };
}

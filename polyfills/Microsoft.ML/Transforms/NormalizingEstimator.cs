using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

internal enum NormalizerKind
{
    MinMax,
    MeanVariance,
    Cdf,
}

public sealed class NormalizingEstimator : IEstimator<NormalizingTransformer>
{
    private readonly (string Output, string Input)[] _columns;
    private readonly NormalizerKind _kind;
    private readonly bool _fixZero;
    private readonly long _maximumExampleCount;

    internal NormalizingEstimator((string Output, string Input)[] columns, NormalizerKind kind, bool fixZero, long maximumExampleCount)
    {
        if (maximumExampleCount <= 1)
            throw new ArgumentOutOfRangeException(nameof(maximumExampleCount),
                $"Normalizers look at two rows or more, not {maximumExampleCount}.");
        (_columns, _kind, _fixZero, _maximumExampleCount) = (columns, kind, fixZero, maximumExampleCount);
    }

    public NormalizingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShape.Create(input.Schema));
        using var cursor = input.GetRowCursor(_columns.Select(column => input.Schema[column.Input]).DistinctBy(column => column.Index));
        var statistics = _columns.Select(column => (SlotStatistics)RowGetters.Invoke(Gather<float>,
            input.Schema[column.Input].Type.ItemType().RawType, cursor, input.Schema[column.Input])).ToArray();
        for (var row = 0L; row < _maximumExampleCount && cursor.MoveNext(); row++)
            Array.ForEach(statistics, slots => slots.Read());
        return new([.. _columns.Zip(statistics, (column, slots) => Learn(column, slots))]);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(_columns.Select(column => OutputOf(inputSchema.Input(column.Input), column.Output)));
    }

    private static SchemaShape.Column OutputOf(SchemaShape.Column input, string output)
    {
        var isReal = input.ItemType == NumberDataViewType.Single || input.ItemType == NumberDataViewType.Double;
        if (input.IsKey || !isReal || input.Kind == SchemaShape.Column.VectorKind.VariableVector)
            throw SchemaErrors.Mismatch("inputSchema", "input", input.Name, "Single, Double or a vector of known size of them",
                input.TypeString);
        var normalized = SchemaShape.ColumnOf(AnnotationKinds.IsNormalized, BooleanDataViewType.Instance);
        var slotNames = input.Annotations.Find(AnnotationKinds.SlotNames);
        return new(output, input.Kind, input.ItemType, false, new(slotNames is { } names ? [normalized, names] : [normalized]));
    }

    private static SlotStatistics Gather<T>(DataViewRow row, DataViewSchema.Column column)
        where T : IFloatingPointIeee754<T> =>
        SlotStatistics.Create<T>(row, column);

    private NormalizedColumn Learn((string Output, string Input) column, SlotStatistics slots) => _kind switch
    {
        NormalizerKind.Cdf => new(column.Output, column.Input, true, slots.Mean, slots.Deviation),
        NormalizerKind.MinMax => Affine(column, slots, MinMax),
        _ => Affine(column, slots, MeanVariance),
    };

    private static NormalizedColumn Affine((string Output, string Input) column, SlotStatistics slots,
        Func<SlotStatistics, int, (double Offset, double Scale)> learn)
    {
        var learned = Enumerable.Range(0, slots.Mean.Length).Select(slot => learn(slots, slot)).ToArray();
        return new(column.Output, column.Input, false, [.. learned.Select(pair => pair.Offset)], [.. learned.Select(pair => pair.Scale)]);
    }

    // A slot that is constant tells nothing, and becomes zero.
    private (double Offset, double Scale) MinMax(SlotStatistics slots, int slot)
    {
        var (min, max) = (slots.Min[slot], slots.Max[slot]);
        if (!(max > min))
            return (0, 0);
        return _fixZero ? (0, 1 / Math.Max(Math.Abs(max), Math.Abs(min))) : (min, 1 / (max - min));
    }

    private (double Offset, double Scale) MeanVariance(SlotStatistics slots, int slot)
    {
        var (mean, deviation) = (slots.Mean[slot], slots.Deviation[slot]);
        if (!(deviation > 0))
            return (0, 0);
        return _fixZero ? (0, 1 / Math.Sqrt((deviation * deviation) + (mean * mean))) : (mean, 1 / deviation);
    }
}

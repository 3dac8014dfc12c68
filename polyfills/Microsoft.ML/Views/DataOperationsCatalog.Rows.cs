using Microsoft.ML.Data;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new CacheView(input, columnsToPrefetch.Select(name => ColumnPairs.Input(input.Schema, name)));
    }

    public IDataView SkipRows(IDataView input, long count) => RangeView.Create(input, Positive(count), long.MaxValue);

    public IDataView TakeRows(IDataView input, long count) => RangeView.Create(input, 0, Positive(count));

    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (shufflePoolSize <= 0)
            throw new ArgumentOutOfRangeException(nameof(shufflePoolSize),
                $"A pool of {shufflePoolSize} rows can't be shuffled; it takes one or more.");
        return new ShuffleView(input, seed ?? Host.NextSeed(), shufflePoolSize, shuffleSource);
    }

    public IDataView FilterRowsByColumn(IDataView input, string columnName, double lowerBound = double.NegativeInfinity,
        double upperBound = double.PositiveInfinity)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentException.ThrowIfNullOrEmpty(columnName);
        if (!(lowerBound < upperBound))
            throw new ArgumentOutOfRangeException(nameof(upperBound),
                $"The lower bound {lowerBound} must be less than the upper bound {upperBound}.");
        return new FilterView(input, [RowPredicates.Range(ColumnPairs.Input(input.Schema, columnName), lowerBound, upperBound)]);
    }

    public IDataView FilterRowsByMissingValues(IDataView input, params string[] columns)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (columns.Length == 0)
            throw new ArgumentOutOfRangeException(nameof(columns), "No column is named whose missing values would filter rows.");
        return new FilterView(input, [.. columns.Select(name => RowPredicates.NotMissing(ColumnPairs.Input(input.Schema, name)))]);
    }

    /// <summary>Splits by a hash of each row's id, so that the same row always falls on the same side for one seed.</summary>
    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string? samplingKeyColumnName = null, int? seed = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (testFraction is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(testFraction),
                $"The fraction for testing lies between 0 and 1, and {testFraction} does not.");
        var key = samplingKeyColumnName is null ? (DataViewSchema.Column?)null : ColumnPairs.Input(data.Schema, samplingKeyColumnName);
        var salt = seed ?? Host.NextSeed();
        return new(
            new FilterView(data, [RowPredicates.Sample(key, salt, testFraction, inside: false)]),
            new FilterView(data, [RowPredicates.Sample(key, salt, testFraction, inside: true)]));
    }

    private static long Positive(long count) => count > 0
        ? count
        : throw new ArgumentOutOfRangeException(nameof(count), $"A count of rows must be greater than zero, not {count}.");

    public struct TrainTestData
    {
        public readonly IDataView TrainSet;

        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }
}

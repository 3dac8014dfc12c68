using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>Minimum, maximum, mean and deviation of each slot of a column of reals; NaN is left out.</summary>
internal sealed class SlotStatistics
{
    private readonly double[] _squares;
    private readonly long[] _counts;
    private Action _read = () => { };

    private SlotStatistics(int size)
    {
        Min = Enumerable.Repeat(double.PositiveInfinity, size).ToArray();
        Max = Enumerable.Repeat(double.NegativeInfinity, size).ToArray();
        Mean = new double[size];
        _squares = new double[size];
        _counts = new long[size];
    }

    public double[] Min { get; }

    public double[] Max { get; }

    public double[] Mean { get; }

    public double[] Deviation => [.. _squares.Zip(_counts, (squares, count) => count > 0 ? Math.Sqrt(squares / count) : 0)];

    public static SlotStatistics Create<T>(DataViewRow row, DataViewSchema.Column column)
        where T : IFloatingPointIeee754<T>
    {
        var statistics = new SlotStatistics(Math.Max(1, column.Type.ValueCount()));
        if (column.Type is not VectorDataViewType)
        {
            var getter = row.GetGetter<T>(column);
            var value = T.Zero;
            statistics._read = () =>
            {
                getter(ref value);
                statistics.Add(0, double.CreateChecked(value));
            };
            return statistics;
        }

        var getVector = row.GetGetter<VBuffer<T>>(column);
        VBuffer<T> vector = default;
        statistics._read = () =>
        {
            getVector(ref vector);
            foreach (var (slot, value) in vector.Items(all: true))
                statistics.Add(slot, double.CreateChecked(value));
        };
        return statistics;
    }

    public void Read() => _read();

    // Welford's update
    private void Add(int slot, double value)
    {
        if (double.IsNaN(value))
            return;
        Min[slot] = Math.Min(Min[slot], value);
        Max[slot] = Math.Max(Max[slot], value);
        var difference = value - Mean[slot];
        Mean[slot] += difference / ++_counts[slot];
        _squares[slot] += difference * (value - Mean[slot]);
    }
}

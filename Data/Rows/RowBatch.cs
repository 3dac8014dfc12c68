namespace Latent.Data.Rows;

/// <summary>Consecutive rows of the input on their way through the graph.</summary>
internal sealed class RowBatch(int capacity, int rowLength, int resultLength)
{
    private readonly float[] _rows = new float[(long)capacity * rowLength];
    private readonly float[] _results = new float[(long)capacity * resultLength];

    public int Capacity => capacity;

    /// <summary>Number of rows that could be read.</summary>
    public int Count { get; set; }

    /// <summary>Number of inputs that they were read from, those that could not be read included.</summary>
    public int Consumed { get; set; }

    /// <summary>Position in the whole input, counted from 0, of each row.</summary>
    public long[] Positions { get; } = new long[capacity];

    /// <summary>What is passed on of each row: kept columns, or the picture's path.</summary>
    public string[][] Kept { get; } = new string[capacity][];

    /// <summary>The label of each row, where the source was told of a column of labels or is a folder.</summary>
    public string[] Labels { get; } = new string[capacity];

    /// <summary>What could not be read.</summary>
    public List<SkippedInput> Skipped { get; } = [];

    /// <summary>All values of the rows that could be read, row by row.</summary>
    public ReadOnlySpan<float> Rows => _rows.AsSpan(0, Count * rowLength);

    public Span<float> Row(int index) => _rows.AsSpan(index * rowLength, rowLength);

    /// <summary>The values of consecutive rows, row by row.</summary>
    public Span<float> RowsFrom(int index, int count) => _rows.AsSpan(index * rowLength, count * rowLength);

    public Span<float> Result(int index) => _results.AsSpan(index * resultLength, resultLength);

    public void Clear()
    {
        Count = Consumed = 0;
        Skipped.Clear();
    }
}

namespace Latent.Data.Rows;

/// <summary>Represents consecutive rows of the input on their way through the graph.</summary>
internal sealed class RowBatch(int capacity, int rowLength, int resultLength)
{
    private readonly float[] _rows = new float[(long)capacity * rowLength];
    private readonly float[] _results = new float[(long)capacity * resultLength];

    public int Capacity => capacity;

    /// <summary>Gets or sets the number of rows that could be read.</summary>
    public int Count { get; set; }

    /// <summary>Gets or sets the number of inputs that were read, including those that could not be read.</summary>
    public int Consumed { get; set; }

    /// <summary>Gets the position of each row in the whole input, counted from 0.</summary>
    public long[] Positions { get; } = new long[capacity];

    /// <summary>Gets what is passed on for each row: kept columns, or the image's path.</summary>
    public string[][] Kept { get; } = new string[capacity][];

    /// <summary>Gets the label of each row, if the source has a column of labels or is a folder.</summary>
    public string[] Labels { get; } = new string[capacity];

    /// <summary>Gets the inputs that could not be read.</summary>
    public List<SkippedInput> Skipped { get; } = [];

    /// <summary>Gets all values of the rows that could be read, row by row.</summary>
    public ReadOnlySpan<float> Rows => _rows.AsSpan(0, Count * rowLength);

    public Span<float> Row(int index) => _rows.AsSpan(index * rowLength, rowLength);

    /// <summary>Gets the values of consecutive rows, row by row.</summary>
    public Span<float> RowsFrom(int index, int count) => _rows.AsSpan(index * rowLength, count * rowLength);

    public Span<float> Result(int index) => _results.AsSpan(index * resultLength, resultLength);

    public void Clear()
    {
        Count = Consumed = 0;
        Skipped.Clear();
    }
}

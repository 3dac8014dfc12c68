namespace Latent.Data.Rows;

/// <summary>Represents consecutive rows of the input on their way through the graph.</summary>
/// <param name="capacity">The largest number of rows.</param>
/// <param name="rowLength">Number of values of a row.</param>
/// <param name="resultLength">Number of numbers, and of yes or no, among a row's results.</param>
/// <param name="textLength">Number of texts among a row's results.</param>
internal sealed class RowBatch(int capacity, int rowLength, int resultLength, int textLength = 0)
{
    private readonly float[] _rows = new float[(long)capacity * rowLength];
    private readonly float[] _results = new float[(long)capacity * resultLength];
    private readonly string[] _texts = new string[(long)capacity * textLength];

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

    /// <summary>
    /// Gets the words that no training row has, by row and column, as they stand in the input; null if they are not asked for. They are
    /// valid where the cell is <see cref="Contracts.Tables.TableDescription.Unseen"/>, and until <see cref="Keep"/>.
    /// </summary>
    public Dictionary<(int Row, int Column), string>? Unseen { get; init; }

    /// <summary>Gets the inputs that could not be read.</summary>
    public List<SkippedInput> Skipped { get; } = [];

    /// <summary>Gets all values of the rows that could be read, row by row.</summary>
    public ReadOnlySpan<float> Rows => _rows.AsSpan(0, Count * rowLength);

    public Span<float> Row(int index) => _rows.AsSpan(index * rowLength, rowLength);

    /// <summary>Gets the values of consecutive rows, row by row.</summary>
    public Span<float> RowsFrom(int index, int count) => _rows.AsSpan(index * rowLength, count * rowLength);

    public Span<float> Result(int index) => _results.AsSpan(index * resultLength, resultLength);

    /// <summary>Gets the texts among the results of a row.</summary>
    public Span<string> Texts(int index) => _texts.AsSpan(index * textLength, textLength);

    /// <summary>Keeps the rows of which something holds, with their positions, labels and results.</summary>
    public void Keep(Func<int, bool> holds)
    {
        var count = 0;
        for (var i = 0; i < Count; i++)
        {
            if (!holds(i))
                continue;
            if (count < i)
            {
                (Positions[count], Kept[count], Labels[count]) = (Positions[i], Kept[i], Labels[i]);
                Row(i).CopyTo(Row(count));
                Result(i).CopyTo(Result(count));
                Texts(i).CopyTo(Texts(count));
            }

            count++;
        }

        Count = count;
    }

    public void Clear()
    {
        Count = Consumed = 0;
        Unseen?.Clear();
        Skipped.Clear();
    }
}

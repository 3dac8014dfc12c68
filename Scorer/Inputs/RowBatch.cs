namespace Latent.Scorer.Inputs;

/// <summary>Consecutive rows of the input on their way through the graph.</summary>
internal sealed class RowBatch(int capacity, int rowLength, int resultLength)
{
    private readonly float[] _rows = new float[capacity * rowLength];
    private readonly float[] _results = new float[capacity * resultLength];

    public int Capacity => capacity;

    /// <summary>Number of rows that could be read.</summary>
    public int Count { get; set; }

    /// <summary>Number of inputs that they were read from, those that could not be read included.</summary>
    public int Consumed { get; set; }

    /// <summary>Position in the whole input, counted from 0, of each row.</summary>
    public long[] Positions { get; } = new long[capacity];

    /// <summary>What is passed on of each row: kept columns, or the picture's path.</summary>
    public string[][] Kept { get; } = new string[capacity][];

    /// <summary>Whether a row is labelled an anomaly.</summary>
    public bool[] IsAnomaly { get; } = new bool[capacity];

    /// <summary>What could not be read.</summary>
    public List<SkippedInput> Skipped { get; } = [];

    public Span<float> Row(int index) => _rows.AsSpan(index * rowLength, rowLength);

    public Span<float> Result(int index) => _results.AsSpan(index * resultLength, resultLength);

    public void Clear()
    {
        Count = Consumed = 0;
        Skipped.Clear();
    }
}

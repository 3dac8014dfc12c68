namespace Microsoft.ML.Data;

/// <summary>How many values a key column has; null where the data tell.</summary>
public sealed class KeyCount
{
    public KeyCount()
    {
    }

    public KeyCount(ulong count)
    {
        if (count == 0)
            throw new ArgumentOutOfRangeException(nameof(count), "A key has at least one value.");
        Count = count;
    }

    public ulong? Count;
}

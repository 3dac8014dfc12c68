using System.Numerics;

namespace Microsoft.ML.Data;

/// <summary>128 bits that name a row; derived ids are MurmurHash3 steps.</summary>
public readonly struct DataViewRowId(ulong low, ulong high) : IComparable<DataViewRowId>, IEquatable<DataViewRowId>
{
    private const ulong First = 0x87c37b91114253d5;
    private const ulong Second = 0x4cf5ad432745937f;

    public readonly ulong Low = low;

    public readonly ulong High = high;

    public override string ToString() => $"{High:x16}{Low:x16}";

    public int CompareTo(DataViewRowId other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    public bool Equals(DataViewRowId other) => Low == other.Low && High == other.High;

    public override bool Equals(object? obj) => obj is DataViewRowId other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Low, High);

    public DataViewRowId Fork() => Mix(BitOperations.RotateLeft(First, 31) * Second, 0, before: false);

    public DataViewRowId Next() => Mix(0, 0, before: false);

    public DataViewRowId Combine(DataViewRowId other)
    {
        var fork = other.Fork();
        return Mix(BitOperations.RotateLeft(fork.Low * First, 31) * Second, BitOperations.RotateLeft(fork.High * Second, 33) * First,
            before: true);
    }

    // One round; Combine puts the other id's words in before it, Fork its constant after it.
    private DataViewRowId Mix(ulong word1, ulong word2, bool before)
    {
        var low = BitOperations.RotateLeft(before ? Low ^ word1 : Low, 27);
        low = (low + High) * 5 + 0x52dce729;
        var high = BitOperations.RotateLeft(before ? High ^ word2 : High, 31);
        high = (high + low) * 5 + 0x38495ab5;
        return new(before ? low : low ^ word1, high);
    }
}

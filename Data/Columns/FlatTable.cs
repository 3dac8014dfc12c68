using System.Buffers.Binary;

namespace Latent.Data.Columns;

/// <summary>A table of FlatBuffers, in which Arrow describes its columns; what lies outside of the bytes ends in an exception.</summary>
internal readonly ref struct FlatTable(ReadOnlySpan<byte> bytes, int at)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>The table that bytes begin with.</summary>
    public static FlatTable Root(ReadOnlySpan<byte> bytes) => new(bytes, BinaryPrimitives.ReadInt32LittleEndian(bytes));

    /// <summary>A whole number of one, two or eight bytes; 0 where the field is left out.</summary>
    public long Number(int field, int size) =>
        Find(field) is var place && place == 0
            ? 0
            : size switch
            {
                1 => _bytes[place],
                2 => BinaryPrimitives.ReadInt16LittleEndian(_bytes[place..]),
                _ => NumberAt(place),
            };

    /// <summary>The whole number of eight bytes at a place.</summary>
    public long NumberAt(int place) => BinaryPrimitives.ReadInt64LittleEndian(_bytes[place..]);

    /// <summary>The table that a field leads to.</summary>
    /// <exception cref="InvalidDataException">The field is left out.</exception>
    public FlatTable Table(int field) =>
        Find(field) is not 0 and var place ? TableAt(place) : throw new InvalidDataException("what it says of its columns is incomplete");

    /// <summary>The table that a place leads to.</summary>
    public FlatTable TableAt(int place) => new(_bytes, checked(place + BinaryPrimitives.ReadInt32LittleEndian(_bytes[place..])));

    /// <summary>Whether a field is there.</summary>
    public bool Has(int field) => Find(field) != 0;

    /// <summary>A list that a field leads to.</summary>
    /// <param name="field">The field.</param>
    /// <param name="size">Size of an item, in bytes.</param>
    /// <param name="start">Place of the first.</param>
    /// <returns>Number of items, none where the field is left out.</returns>
    /// <exception cref="InvalidDataException">There aren't bytes enough for them.</exception>
    public int List(int field, int size, out int start)
    {
        start = 0;
        if (Find(field) is not (not 0 and var place))
            return 0;
        start = checked(place + BinaryPrimitives.ReadInt32LittleEndian(_bytes[place..]));
        var count = BinaryPrimitives.ReadInt32LittleEndian(_bytes[start..]);
        start += sizeof(int);
        return count >= 0 && (long)count * size <= _bytes.Length - start
            ? count
            : throw new InvalidDataException($"it has a list of {count} items, for which there is no room");
    }

    private int Find(int field)
    {
        var slots = _bytes[checked(at - BinaryPrimitives.ReadInt32LittleEndian(_bytes[at..]))..];
        var slot = 4 + 2 * field;
        var offset = slot < BinaryPrimitives.ReadInt16LittleEndian(slots) ? BinaryPrimitives.ReadInt16LittleEndian(slots[slot..]) : 0;
        return offset == 0 ? 0 : at + offset;
    }
}

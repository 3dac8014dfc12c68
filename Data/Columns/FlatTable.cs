using System.Buffers.Binary;

namespace Latent.Data.Columns;

/// <summary>Reads a table of FlatBuffers, in which Arrow describes its columns; access outside of the bytes throws an exception.</summary>
internal readonly ref struct FlatTable(ReadOnlySpan<byte> bytes, int at)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Gets the table at the beginning of bytes.</summary>
    public static FlatTable Root(ReadOnlySpan<byte> bytes) => new(bytes, BinaryPrimitives.ReadInt32LittleEndian(bytes));

    /// <summary>Reads an integer of one, two or eight bytes; 0 if the field is left out.</summary>
    public long Number(int field, int size) =>
        Find(field) is var place && place == 0
            ? 0
            : size switch
            {
                1 => _bytes[place],
                2 => BinaryPrimitives.ReadInt16LittleEndian(_bytes[place..]),
                _ => NumberAt(place),
            };

    /// <summary>Reads the integer of eight bytes at a position.</summary>
    public long NumberAt(int place) => BinaryPrimitives.ReadInt64LittleEndian(_bytes[place..]);

    /// <summary>Gets the table that a field refers to.</summary>
    /// <exception cref="InvalidDataException">The field is left out.</exception>
    public FlatTable Table(int field) =>
        Find(field) is not 0 and var place ? TableAt(place) : throw new InvalidDataException("what it says of its columns is incomplete");

    /// <summary>Gets the table that a position refers to.</summary>
    public FlatTable TableAt(int place) => new(_bytes, checked(place + BinaryPrimitives.ReadInt32LittleEndian(_bytes[place..])));

    /// <summary>Tells whether a field is present.</summary>
    public bool Has(int field) => Find(field) != 0;

    /// <summary>Finds the list that a field refers to.</summary>
    /// <param name="field">The field.</param>
    /// <param name="size">Size of an item in bytes.</param>
    /// <param name="start">Position of the first item.</param>
    /// <returns>Number of items; 0 if the field is left out.</returns>
    /// <exception cref="InvalidDataException">There aren't enough bytes for the items.</exception>
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

using System.Buffers.Binary;

namespace Latent.Data.Arrays;

/// <summary>Represents the type of an array's values.</summary>
/// <param name="Size">Size of a value in bytes.</param>
/// <param name="Read">Makes a float of the bytes; a value too large for a float becomes infinite.</param>
internal sealed record ArrayType(int Size, ArrayType.Reader Read)
{
    /// <summary>The types of NPY that are read, by their names.</summary>
    public static readonly IReadOnlyDictionary<string, ArrayType> Numpy = new Dictionary<string, ArrayType>
    {
        ["|b1"] = new(1, b => b[0] == 0 ? 0 : 1),
        ["|u1"] = Byte,
        ["|i1"] = new(1, b => (sbyte)b[0]),
        ["<u2"] = new(2, b => BinaryPrimitives.ReadUInt16LittleEndian(b)),
        ["<i2"] = new(2, b => BinaryPrimitives.ReadInt16LittleEndian(b)),
        ["<u4"] = new(4, b => BinaryPrimitives.ReadUInt32LittleEndian(b)),
        ["<i4"] = new(4, b => BinaryPrimitives.ReadInt32LittleEndian(b)),
        ["<u8"] = new(8, b => BinaryPrimitives.ReadUInt64LittleEndian(b)),
        ["<i8"] = new(8, b => BinaryPrimitives.ReadInt64LittleEndian(b)),
        ["<f2"] = new(2, b => (float)BinaryPrimitives.ReadHalfLittleEndian(b)),
        ["<f4"] = Single,
        ["<f8"] = new(8, b => (float)BinaryPrimitives.ReadDoubleLittleEndian(b)),
    };

    /// <summary>The types of IDX, by the third byte of its magic number.</summary>
    public static readonly IReadOnlyDictionary<int, ArrayType> Idx = new Dictionary<int, ArrayType>
    {
        [0x08] = Byte,
        [0x09] = new(1, b => (sbyte)b[0]),
        [0x0B] = new(2, b => BinaryPrimitives.ReadInt16BigEndian(b)),
        [0x0C] = new(4, b => BinaryPrimitives.ReadInt32BigEndian(b)),
        [0x0D] = new(4, BinaryPrimitives.ReadSingleBigEndian),
        [0x0E] = new(8, b => (float)BinaryPrimitives.ReadDoubleBigEndian(b)),
    };

    public delegate float Reader(ReadOnlySpan<byte> bytes);

    private static ArrayType Byte => new(1, b => b[0]);

    private static ArrayType Single => new(4, BinaryPrimitives.ReadSingleLittleEndian);

    public void Convert(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        for (var i = 0; i < values.Length; i++)
            values[i] = Read(bytes[(i * Size)..]);
    }
}

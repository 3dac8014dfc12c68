using System.Buffers.Binary;
using Latent.Contracts;
using Latent.Data.Rows;
using Latent.Data.Tables;
using Latent.Tests;

namespace Latent.Data.Tests.Columns;

/// <summary>Files that say more of themselves than is there; none takes memory for it, or time.</summary>
public sealed class HostileColumnsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private byte[] Valid(string name, string? packed = null) =>
        File.ReadAllBytes(
            ColumnarFiles.Write(
                _folder["valid-" + name],
                packed,
                [
                    [("a", (double?[])[1, null, 3]), ("b", (int[])[1, 2, 3]), ("id", (string[])["x", "y", "x"])],
                    [("a", (double?[])[4]), ("b", (int[])[4]), ("id", (string[])["z"])],
                ]
            )
        );

    [Theory]
    [InlineData("t.parquet", null)]
    [InlineData("t.parquet", "Zstd")]
    [InlineData("t.arrow", null)]
    [InlineData("t.arrow", "Lz4Frame")]
    [InlineData("t.arrows", null)]
    public void A_file_that_ends_too_soon_is_refused_wherever_it_ends(string name, string? packed)
    {
        var valid = Valid(name, packed);
        var read = 0;
        for (var length = 1; length < valid.Length; length++)
        {
            if (Fuzz.Ends<LatentException>($"{length} bytes", () => ReadAll(_folder.Write(name, valid[..length]))))
                read++;
        }
        // A stream may end after each message, and within the mark of its end.
        Assert.InRange(read, 0, name == "t.arrows" ? 12 : 0);
        ReadAll(_folder.Write(name, valid));
    }

    [Theory]
    [InlineData("t.parquet", 8, 0x7FFFFFFF, "footer is to have")]
    [InlineData("t.parquet", 8, -1, "footer is to have")]
    [InlineData("t.parquet", 8, 9, "is damaged")]
    [InlineData("t.arrow", 10, 0x7FFFFFFF, "footer is to have")]
    [InlineData("t.arrow", 10, -1, "footer is to have")]
    public void A_footer_that_is_not_there_is_not_made_room_for(string name, int fromEnd, int length, string reason)
    {
        var bytes = Valid(name);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(bytes.Length - fromEnd), length);
        Refuses(name, bytes, reason);
    }

    [Fact]
    public void Numbers_of_a_footer_that_cannot_be_are_refused()
    {
        // Of Thrift's numbers, zigzag and of seven bits a byte: rows of the whole and of a row group, values and sizes of a column.
        foreach (
            var (rows, values, size) in ((long, long, long)[])
                [(1L << 40, 1L << 40, 24), (5, 3, 24), (-1, 3, 24), (int.MaxValue, int.MaxValue, 24), (3, 3, 1L << 40), (3, 3, -1)]
        )
        {
            var footer = Footer(rows, values, size);
            byte[] file =
            [
                .. "PAR1"u8,
                .. Page(3, 24, 24),
                .. new byte[24],
                .. footer,
                .. BitConverter.GetBytes(footer.Length),
                .. "PAR1"u8,
            ];
            Refuses("t.parquet", file, "is damaged|at most 1,073,741,824 are, so write it in smaller parts");
        }

        var good = Footer(3, 3, 24);
        float[] zeros = [0, 0, 0];
        Assert.Equal(
            zeros,
            ReadAll(
                _folder.Write(
                    "t.parquet",
                    [.. "PAR1"u8, .. Page(3, 24, 24), .. new byte[24], .. good, .. BitConverter.GetBytes(good.Length), .. "PAR1"u8]
                )
            )
        );
        foreach (
            var (count, unpacked, packed) in ((int, int, int)[])
                [(4, 24, 24), (-1, 24, 24), (3, int.MaxValue, 24), (3, 24, int.MaxValue), (3, 24, -1), (0, 0, 0)]
        )
        {
            Refuses(
                "t.parquet",
                [
                    .. "PAR1"u8,
                    .. Page(count, unpacked, packed),
                    .. new byte[24],
                    .. good,
                    .. BitConverter.GetBytes(good.Length),
                    .. "PAR1"u8,
                ],
                "is damaged"
            );
        }
    }

    [Fact]
    public void Columns_that_are_nested_without_end_are_refused()
    {
        // Each element of the tree says that it has one child.
        byte[] element = [0x48, 1, (byte)'a', 0x15, 2, 0];
        // A list's length is no zigzag, which is twice the number.
        byte[] footer = [0x15, 2, 0x19, 0xFC, .. Varint(50_000), .. Enumerable.Repeat(element, 100_000).SelectMany(b => b), 0];
        Refuses("t.parquet", [.. "PAR1"u8, .. footer, .. BitConverter.GetBytes(footer.Length), .. "PAR1"u8], "nested more than");
        // In Arrow, a column's list of children leads back to itself.
        var bytes = Valid("t.arrow");
        var at = bytes.AsSpan().IndexOf("id"u8);
        Assert.True(at > 0);
        for (var i = 8; i < at; i++)
        {
            foreach (var value in (int[])[-4, -16, 0, 0x7FFFFFF0])
            {
                var damaged = bytes.ToArray();
                BinaryPrimitives.WriteInt32LittleEndian(damaged.AsSpan(i), value);
                Fuzz.Ends<LatentException>($"{value} at {i}", () => ReadAll(_folder.Write("t.arrow", damaged)));
            }
        }
    }

    [Fact]
    public void A_compressed_column_that_unpacks_to_more_than_it_says_is_refused()
    {
        foreach (var packed in (string[])["Snappy", "Zstd"])
        {
            var bytes = Valid("t.parquet", packed);
            for (var i = 4; i < bytes.Length - 300; i++)
            {
                var damaged = bytes.ToArray();
                damaged.AsSpan(i, 4).Fill(0xFF);
                Fuzz.Ends<LatentException>($"{packed}, {i}", () => ReadAll(_folder.Write("t.parquet", damaged)));
            }
        }
    }

    private void Refuses(string name, byte[] bytes, string reason)
    {
        var path = _folder.Write(name, bytes);
        Assert.False(Fuzz.Ends<LatentException>(name, () => ReadAll(path)));
        Assert.Matches(
            $"^{System.Text.RegularExpressions.Regex.Escape(path)} .*({reason})",
            Assert.Throws<LatentException>(() => ReadAll(path)).Message
        );
    }

    private static float[] ReadAll(string path) =>
        TestFolder.ReadAll(TableFile.Open(path, new TableOptions { Columns = ["a"] }, null, 1, Shard.Whole, 2), []);

    private static byte[] Page(int count, int unpacked, int packed) =>
        [0x15, 0, 0x15, .. Varint(unpacked), 0x15, .. Varint(packed), 0x2C, 0x15, .. Varint(count), 0x15, 0, 0x15, 6, 0x15, 6, 0, 0];

    private static byte[] Footer(long rows, long values, long size)
    {
        byte[] schema = [0x48, 1, (byte)'r', 0x15, 2, 0, 0x15, 10, 0x25, 0, 0x18, 1, (byte)'a', 0];
        byte[] column =
        [
            0x15,
            10,
            0x19,
            0x15,
            0,
            0x19,
            0x18,
            1,
            (byte)'a',
            0x15,
            0,
            0x16,
            .. Varint(values),
            0x16,
            .. Varint(size),
            0x16,
            .. Varint(size + 17),
            0x26,
            .. Varint(4),
            0,
        ];
        return
        [
            0x15,
            2,
            0x19,
            0x2C,
            .. schema,
            0x16,
            .. Varint(rows),
            0x19,
            0x1C,
            0x19,
            0x1C,
            0x26,
            0,
            0x1C,
            .. column,
            0,
            0x16,
            .. Varint(size),
            0x16,
            .. Varint(rows),
            0,
            0,
        ];
    }

    private static byte[] Varint(long value)
    {
        var bytes = new List<byte>();
        for (var bits = (ulong)((value << 1) ^ (value >> 63)); ; bits >>= 7)
        {
            bytes.Add((byte)(bits < 0x80 ? bits : bits | 0x80));
            if (bits < 0x80)
                return [.. bytes];
        }
    }
}

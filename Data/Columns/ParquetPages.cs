using System.Buffers.Binary;
using Parquet.Meta;
using Stored = Parquet.Meta.Type;

namespace Latent.Data.Columns;

/// <summary>
/// Checks the headers of a column's pages before Parquet.Net reads them: sizes must fit the file and each other, since the package
/// allocates what they say, and encodings must be such as it decodes soundly.
/// </summary>
internal static class ParquetPages
{
    // Bounds of texts are stored twice each, and a text may be that of a whole cell.
    private const int LongestHead = 1 << 24;

    // The fields of a page's header, as ThriftWalk counts them.
    private const int Kind = 1,
        Unpacked = 2,
        Packed = 3,
        Values = 16 * 5 + 1,
        Coding = 16 * 5 + 2,
        Entries = 16 * 7 + 1;
    private const int Values2 = 16 * 8 + 1,
        Coding2 = 16 * 8 + 4,
        Levels2 = 16 * 8 + 5,
        Repeats2 = 16 * 8 + 6,
        IsPacked2 = 16 * 8 + 7;

    /// <summary>Checks the pages of one column in one row group.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="column">The footer's description of the pages.</param>
    /// <param name="rows">Number of rows of the row group.</param>
    /// <exception cref="InvalidDataException">The pages can't be read.</exception>
    public static void Check(ParquetStream stream, ColumnMetaData column, long rows)
    {
        // The first that is not 0 is where the package begins.
        long[] starts = [column.DictionaryPageOffset ?? 0, column.DataPageOffset, column.IndexPageOffset ?? 0];
        var at = starts.Where(start => start != 0).DefaultIfEmpty(-1).Min();
        if (at < 4 || at > stream.End || column.TotalCompressedSize < 0 || column.TotalCompressedSize > stream.End - at)
            throw new InvalidDataException("its pages lie outside of the file");
        if (column.NumValues != rows)
            throw new InvalidDataException($"a column has {column.NumValues} values in {rows} rows");
        // The package unpacks LZ4 as if it had no frames, and says nothing where that fails.
        if (column.Codec is CompressionCodec.LZ4 or CompressionCodec.LZO || !Enum.IsDefined(column.Codec))
        {
            throw new InvalidDataException(
                $"a column is packed by {column.Codec}, which isn't read; Zstandard, Snappy, gzip, Brotli and LZ4_RAW are"
            );
        }

        var (end, left) = (at + column.TotalCompressedSize, rows);
        var bytes = new byte[512];
        Span<long> head = stackalloc long[256];
        while (left > 0)
        {
            head.Clear();
            head[IsPacked2] = 1;
            // Most headers are short, most pages long.
            var (used, most) = (-1, (int)Math.Min(LongestHead, end - at));
            for (int some = 0, next = 512; used < 0 && some < most; next *= 32)
            {
                some = Math.Min(next, most);
                if (bytes.Length < some)
                    bytes = new byte[some];
                stream.Position = at;
                stream.ReadExactly(bytes.AsSpan(0, some));
                used = Walk(bytes.AsSpan(0, some), head);
            }

            if (used < 0)
                throw new InvalidDataException("the head of a page is damaged, or is longer than any that is read");
            var (packed, unpacked) = (head[Packed], head[Unpacked]);
            if (
                packed < 0
                || packed > end - at - used
                || unpacked < 0
                || unpacked > ColumnarTable.MaxBytes
                || unpacked > column.TotalUncompressedSize
                || (column.Codec == CompressionCodec.UNCOMPRESSED && unpacked > packed)
            )
            {
                throw new InvalidDataException($"a page of {packed} bytes is to be {unpacked} unpacked, which can't be");
            }

            var isSecond = head[Kind] == (int)PageType.DATA_PAGE_V2;
            if (isSecond && (head[Levels2] < 0 || head[Repeats2] != 0 || head[Levels2] > packed))
                throw new InvalidDataException("a page has levels outside of it");
            if (head[Kind] == (int)PageType.DICTIONARY_PAGE)
            {
                if (head[Entries] < 0 || head[Entries] > unpacked)
                    throw new InvalidDataException($"a dictionary of {unpacked} bytes can't have {head[Entries]} entries");
            }
            else if (head[Kind] == (int)PageType.DATA_PAGE || isSecond)
            {
                var values = head[isSecond ? Values2 : Values];
                CheckEncoding((Encoding)head[isSecond ? Coding2 : Coding], column.Type);
                if (values < 0 || values > left)
                    throw new InvalidDataException("its pages have more values than its footer says");
                left -= values;
            }
            else
            {
                throw new InvalidDataException($"it has pages of kind {head[Kind]}, which aren't read");
            }

            if (!isSecond || head[IsPacked2] == 1)
            {
                var length = (int)Math.Min(18, packed - head[Levels2]);
                stream.Position = at + used + head[Levels2];
                stream.ReadExactly(bytes.AsSpan(0, length));
                if (
                    SizeWithin(bytes.AsSpan(0, length), column.Codec) is { } size
                    && (size > unpacked || size > packed * ColumnarTable.MaxRatio)
                )
                {
                    throw new InvalidDataException($"a page is to be {unpacked} bytes unpacked, and {size} by its own account");
                }
            }

            at += used + packed;
        }
    }

    private static int Walk(ReadOnlySpan<byte> bytes, Span<long> head)
    {
        var walk = new ThriftWalk(bytes, head);
        try
        {
            walk.Page();
            return walk.Used;
        }
        catch (InvalidDataException)
        {
            return -1;
        }
    }

    // A boolean that is encoded as runs, Parquet.Net decodes as false; of others it would overwrite what isn't theirs.
    private static void CheckEncoding(Encoding encoding, Stored type)
    {
        var isRead = encoding switch
        {
            Encoding.PLAIN or Encoding.PLAIN_DICTIONARY or Encoding.RLE_DICTIONARY => true,
            Encoding.DELTA_BINARY_PACKED => type is Stored.INT32 or Stored.INT64,
            Encoding.BYTE_STREAM_SPLIT => type is Stored.FLOAT or Stored.DOUBLE or Stored.INT32 or Stored.INT64,
            Encoding.DELTA_LENGTH_BYTE_ARRAY => type == Stored.BYTE_ARRAY,
            Encoding.DELTA_BYTE_ARRAY => type is Stored.BYTE_ARRAY or Stored.FIXED_LEN_BYTE_ARRAY,
            _ => false,
        };
        if (!isRead)
        {
            throw new InvalidDataException(
                $"a column of type {type} is encoded as {encoding}, which isn't read; pages of version 1 have others"
            );
        }
    }

    // Snappy and Zstandard begin with the size that they unpack to, which the package allocates.
    private static long? SizeWithin(ReadOnlySpan<byte> bytes, CompressionCodec codec)
    {
        if (codec == CompressionCodec.SNAPPY)
        {
            var size = 0L;
            for (var i = 0; i < Math.Min(5, bytes.Length); i++)
            {
                size |= (long)(bytes[i] & 0x7F) << (7 * i);
                if (bytes[i] < 0x80)
                    return size;
            }
        }

        if (codec == CompressionCodec.ZSTD && bytes.Length > 5 && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == 0xFD2FB528)
        {
            var isWhole = (bytes[4] & 0x20) != 0;
            var field = bytes[
                (
                    5
                    + (isWhole ? 0 : 1)
                    + (bytes[4] & 3) switch
                    {
                        3 => 4,
                        var id => id,
                    }
                )..
            ];
            return (bytes[4] >> 6) switch
            {
                0 => isWhole ? field[0] : null,
                1 => 256 + BinaryPrimitives.ReadUInt16LittleEndian(field),
                2 => BinaryPrimitives.ReadUInt32LittleEndian(field),
                _ => (long)Math.Min(long.MaxValue, BinaryPrimitives.ReadUInt64LittleEndian(field)),
            };
        }

        return null;
    }
}

using System.Buffers.Binary;
using System.IO.Compression;
using Latent.Contracts;

namespace Latent.Trainer.Data;

/// <summary>An array of the IDX format, plain or gzip: MNIST's own.</summary>
/// <param name="Path">Where it was read.</param>
/// <param name="Shape">Sizes of its axes, the first one rows.</param>
/// <param name="Values">Its values, row by row.</param>
public sealed record IdxFile(string Path, int[] Shape, float[] Values)
{
    // Deflate packs no more than 1032 bytes into one, so that a header can't ask for memory that its file couldn't fill.
    private const long MostDeflateRatio = 1032;

    private static readonly Dictionary<int, (int Size, ReadValue Read)> s_types = new()
    {
        [0x08] = (1, b => b[0]),
        [0x09] = (1, b => (sbyte)b[0]),
        [0x0B] = (2, b => BinaryPrimitives.ReadInt16BigEndian(b)),
        [0x0C] = (4, b => BinaryPrimitives.ReadInt32BigEndian(b)),
        [0x0D] = (4, BinaryPrimitives.ReadSingleBigEndian),
        [0x0E] = (8, b => (float)BinaryPrimitives.ReadDoubleBigEndian(b)),
    };

    private delegate float ReadValue(ReadOnlySpan<byte> bytes);

    /// <summary>Reads a file.</summary>
    /// <param name="path">A file that begins with IDX's magic number, or a gzip file that holds one.</param>
    /// <param name="rows">Rows to read at most; null: all.</param>
    /// <exception cref="LatentException">The file is missing, is no IDX file, or is shorter or longer than its header says.</exception>
    public static IdxFile Read(string path, int? rows = null)
    {
        try
        {
            using var file = InputFile.Open(path);
            var gzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            using Stream stream = gzip ? new GZipStream(file, CompressionMode.Decompress) : file;
            return Read(stream, path, file.Length * (gzip ? MostDeflateRatio : 1), rows);
        }
        catch (InvalidDataException e)
        {
            throw new LatentException($"{path} is a damaged gzip file.", e);
        }
    }

    private static IdxFile Read(Stream stream, string path, long mostBytes, int? mostRows)
    {
        Span<byte> header = stackalloc byte[4];
        Fill(stream, header, path);
        if (header[0] != 0 || header[1] != 0 || !s_types.TryGetValue(header[2], out var type) || header[3] is < 1 or > 4)
        {
            throw new LatentException(
                $"{path} begins with 0x{Convert.ToHexStringLower(header)}, which is no IDX magic number; images begin with 0x00000803, labels with 0x00000801.");
        }

        var shape = new int[header[3]];
        var size = (Int128)type.Size;
        foreach (ref var axis in shape.AsSpan())
        {
            Fill(stream, header, path);
            axis = BinaryPrimitives.ReadInt32BigEndian(header);
            size *= axis;
            if (axis < 1)
            {
                throw new LatentException($"{path} has an axis of {axis}; every axis of an IDX file must be at least 1.");
            }
        }

        if (size > mostBytes)
        {
            throw new LatentException($"{path} is truncated: its header promises {size} bytes of values ({string.Join(" x ", shape)}).");
        }

        var all = shape[0];
        shape[0] = Math.Min(all, mostRows ?? all);
        var values = InputFile.NewValues(path, shape[0], (long)(size / all / type.Size));
        var row = new byte[(int)(size / all)];
        for (var (i, at) = (0, 0); i < shape[0]; i++)
        {
            Fill(stream, row, path);
            for (var b = 0; b < row.Length; b += type.Size)
            {
                values[at++] = type.Read(row.AsSpan(b, type.Size));
            }
        }

        if (shape[0] == all && stream.ReadByte() >= 0)
        {
            throw new LatentException($"{path} is longer than its header says ({string.Join(" x ", shape)}).");
        }

        return new IdxFile(path, shape, values);
    }

    private static void Fill(Stream stream, Span<byte> bytes, string path)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw new LatentException($"{path} is truncated: it ends before its header says.");
        }
    }
}

using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Latent.Contracts;

namespace Latent.Trainer.Data;

/// <summary>An array of NumPy's NPY format, versions 1 to 3, in C order.</summary>
/// <param name="Path">Where it was read.</param>
/// <param name="Shape">Sizes of its axes, the first one rows.</param>
/// <param name="Values">Its values, row by row.</param>
public sealed partial record NpyFile(string Path, int[] Shape, float[] Values)
{
    private const int LongestHeader = 1 << 16;

    private static readonly Dictionary<string, (int Size, ReadValue Read)> s_types = new()
    {
        ["|b1"] = (1, b => b[0] == 0 ? 0 : 1),
        ["|u1"] = (1, b => b[0]),
        ["|i1"] = (1, b => (sbyte)b[0]),
        ["<u2"] = (2, b => BinaryPrimitives.ReadUInt16LittleEndian(b)),
        ["<i2"] = (2, b => BinaryPrimitives.ReadInt16LittleEndian(b)),
        ["<u4"] = (4, b => BinaryPrimitives.ReadUInt32LittleEndian(b)),
        ["<i4"] = (4, b => BinaryPrimitives.ReadInt32LittleEndian(b)),
        ["<u8"] = (8, b => BinaryPrimitives.ReadUInt64LittleEndian(b)),
        ["<i8"] = (8, b => BinaryPrimitives.ReadInt64LittleEndian(b)),
        ["<f2"] = (2, b => (float)BinaryPrimitives.ReadHalfLittleEndian(b)),
        ["<f4"] = (4, BinaryPrimitives.ReadSingleLittleEndian),
        ["<f8"] = (8, b => (float)BinaryPrimitives.ReadDoubleLittleEndian(b)),
    };

    private delegate float ReadValue(ReadOnlySpan<byte> bytes);

    /// <summary>Reads a file.</summary>
    /// <param name="path">A file as <c>numpy.save</c> writes it, of numbers of a fixed size.</param>
    /// <param name="rows">Rows to read at most; null: all.</param>
    /// <exception cref="LatentException">The file is missing, is no NPY file, holds something else than numbers, or has another length than its header says.</exception>
    public static NpyFile Read(string path, int? rows = null)
    {
        using var file = InputFile.Open(path);
        var header = ReadHeader(file, path);
        var (size, read) = s_types.TryGetValue(header.Type, out var type)
            ? type
            : throw new LatentException($"{path} holds values of type '{header.Type}'; real numbers in little-endian order such as '<f4' are needed.");
        var shape = header.Shape;
        var rowBytes = shape[1..].Aggregate((Int128)size, (product, axis) => product * axis);
        var expected = file.Position + (rowBytes * shape[0]);
        if (file.Length != expected)
        {
            throw new LatentException(
                $"{path} is {(file.Length < expected ? "truncated" : "too long")}: its header says {expected} bytes in all ({string.Join(" x ", shape)}), and there are {file.Length}.");
        }

        shape[0] = Math.Min(shape[0], rows ?? shape[0]);
        var values = InputFile.NewValues(path, shape[0], (long)rowBytes / size);
        var row = new byte[(int)rowBytes];
        for (var (i, at) = (0, 0); i < shape[0]; i++)
        {
            Fill(file, row, path);
            for (var b = 0; b < row.Length; b += size)
            {
                values[at++] = read(row.AsSpan(b, size));
            }
        }

        return new NpyFile(path, shape, values);
    }

    private static (string Type, int[] Shape) ReadHeader(FileStream file, string path)
    {
        Span<byte> start = stackalloc byte[8];
        Fill(file, start, path);
        if (start[0] != 0x93 || !start[1..6].SequenceEqual("NUMPY"u8))
        {
            throw new LatentException($"{path} begins with 0x{Convert.ToHexStringLower(start[..6])}, which is no NPY magic number (0x934e554d5059).");
        }

        Span<byte> length = stackalloc byte[4];
        length.Clear();
        Fill(file, length[..(start[6] == 1 ? 2 : 4)], path);
        var bytes = BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (start[6] is < 1 or > 3 || bytes > LongestHeader)
        {
            throw new LatentException($"{path} has an NPY header of version {start[6]} and {bytes} bytes; versions 1 to 3 with at most {LongestHeader} are read.");
        }

        var text = new byte[bytes];
        Fill(file, text, path);
        var header = Encoding.Latin1.GetString(text);
        var (type, order, shape) = (TypePattern().Match(header), OrderPattern().Match(header), ShapePattern().Match(header));
        if (!type.Success || !order.Success || !shape.Success)
        {
            throw new LatentException($"{path} has an NPY header without a plain 'descr', 'fortran_order' or 'shape'; arrays of plain numbers are needed.");
        }

        var axes = shape.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(axis => int.TryParse(axis, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0)
            .ToArray();
        if (axes.Length is < 1 or > 4 || axes.Any(axis => axis < 1))
        {
            throw new LatentException($"{path} has the shape ({shape.Groups[1].Value}); one to four axes of at least 1 are needed, the first one rows.");
        }

        if (order.Groups[1].Value == "True" && axes.Length > 1)
        {
            throw new LatentException($"{path} is in Fortran order; save it in C order, with numpy.ascontiguousarray.");
        }

        return (type.Groups[1].Value, axes);
    }

    private static void Fill(FileStream file, Span<byte> bytes, string path)
    {
        if (file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw new LatentException($"{path} is truncated: it ends within its header.");
        }
    }

    [GeneratedRegex("'descr': *'([^']*)'")]
    private static partial Regex TypePattern();

    [GeneratedRegex("'fortran_order': *(True|False)")]
    private static partial Regex OrderPattern();

    [GeneratedRegex(@"'shape': *\(([0-9, ]*)\)")]
    private static partial Regex ShapePattern();
}

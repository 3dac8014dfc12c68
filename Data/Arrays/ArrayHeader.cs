using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Latent.Contracts;
using Latent.Contracts.Files;
using Latent.Data.Files;

namespace Latent.Data.Arrays;

/// <summary>Represents the header of an array file: NumPy's NPY, versions 1 to 3 in C order, or MNIST's IDX.</summary>
/// <param name="Type">Type of a value.</param>
/// <param name="Shape">Sizes of the axes, one to eight; the first counts rows.</param>
internal sealed partial record ArrayHeader(ArrayType Type, long[] Shape)
{
    private const int LongestHeader = 1 << 16;

    /// <summary>Gets the shape as text, such as "60000 x 28 x 28".</summary>
    public string Text => string.Join(" x ", Shape);

    /// <summary>Reads a header, up to the first value.</summary>
    /// <exception cref="LatentException">The stream doesn't begin with one, or the array is of a kind that can't be read.</exception>
    public static ArrayHeader Read(Stream stream, string path)
    {
        try
        {
            Span<byte> start = stackalloc byte[4];
            Fill(stream, start, path);
            if (start.SequenceEqual((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M']))
                return ReadNumpy(stream, path);
            return start[0] == 0 && start[1] == 0 && ArrayType.Idx.TryGetValue(start[2], out var type) && start[3] is >= 1 and <= 4
                ? ReadIdx(stream, path, type, start[3])
                : throw new LatentException(
                    $"{path} begins with 0x{Convert.ToHexStringLower(start)}, which is no NPY magic number (0x934e554d) and no IDX magic number (images 0x00000803, labels 0x00000801)."
                );
        }
        catch (Exception e) when (InputFile.IsRefusal(e))
        {
            throw FileError.CannotRead(path, e);
        }
    }

    private static ArrayHeader ReadIdx(Stream stream, string path, ArrayType type, int axes)
    {
        var shape = new long[axes];
        Span<byte> size = stackalloc byte[4];
        foreach (ref var axis in shape.AsSpan())
        {
            Fill(stream, size, path);
            axis = BinaryPrimitives.ReadInt32BigEndian(size);
            if (axis < 1)
                throw new LatentException($"{path} has an axis of {axis}; every axis of an IDX file must be at least 1.");
        }

        return new ArrayHeader(type, shape);
    }

    private static ArrayHeader ReadNumpy(Stream stream, string path)
    {
        Span<byte> start = stackalloc byte[8];
        start.Clear();
        Fill(stream, start[..4], path);
        var version = start[2];
        if (start[0] != 'P' || start[1] != 'Y' || version is < 1 or > 3)
            throw new LatentException($"{path} has an NPY header of version {version}; versions 1 to 3 are read.");
        Fill(stream, start.Slice(4, version == 1 ? 2 : 4), path);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(start[4..]);
        if (length > LongestHeader)
            throw new LatentException($"{path} has an NPY header of {length} bytes; at most {LongestHeader} are read.");
        var bytes = new byte[length];
        Fill(stream, bytes, path);
        var header = Encoding.Latin1.GetString(bytes);
        var (type, order, shape) = (TypePattern().Match(header), OrderPattern().Match(header), ShapePattern().Match(header));
        if (!type.Success || !order.Success || !shape.Success)
        {
            throw new LatentException(
                $"{path} has an NPY header without a plain 'descr', 'fortran_order' or 'shape'; arrays of plain numbers are needed."
            );
        }

        if (!ArrayType.Numpy.TryGetValue(type.Groups[1].Value, out var values))
        {
            throw new LatentException(
                $"{path} holds values of type '{type.Groups[1].Value}'; real numbers in little-endian order such as '<f4' are needed."
            );
        }

        var axes = shape
            .Groups[1]
            .Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(axis => int.TryParse(axis, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : -1L)
            .ToArray();
        if (axes.Length is < 1 or > 8 || axes[0] < 0 || axes[1..].Any(axis => axis < 1))
            throw new LatentException($"{path} has the shape ({shape.Groups[1].Value}); one to eight axes are needed, the first one rows.");
        return order.Groups[1].Value == "True" && axes.Length > 1
            ? throw new LatentException($"{path} is in Fortran order; save it in C order, with numpy.ascontiguousarray.")
            : new ArrayHeader(values, axes);
    }

    private static void Fill(Stream stream, Span<byte> bytes, string path)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            throw new LatentException($"{path} is truncated: it ends within its header.");
    }

    [GeneratedRegex(@"'descr'\s*:\s*'([^']{1,8})'")]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)")]
    private static partial Regex OrderPattern();

    [GeneratedRegex(@"'shape'\s*:\s*\(([0-9,\s]{0,200})\)")]
    private static partial Regex ShapePattern();
}

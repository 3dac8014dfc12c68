using Latent.Contracts;
using Latent.Contracts.Tables;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Latent.Inference.Pipeline;

/// <summary>Reads the input columns of a row into a span of floats.</summary>
internal static class InputReader
{
    /// <summary>Reads a row.</summary>
    /// <param name="destination">Where its values go.</param>
    /// <param name="words">Where the words go that no training row has, by column of a table; empty if they are not needed.</param>
    /// <param name="position">The row, for messages.</param>
    public delegate void Reader(Span<float> destination, Span<string?> words, long position);

    /// <summary>
    /// Makes a reader of the row's input columns; <paramref name="buffers"/> hold the row's values already of those that are also passed
    /// on.
    /// </summary>
    public static Reader Create(Mapping mapping, DataViewRow row, IReadOnlyDictionary<int, ColumnBuffer> buffers, Func<int> slot)
    {
        var columns = mapping.InputColumns(row.Schema);
        Source[] sources = [.. columns.Select(column => new Source(row, column, buffers.GetValueOrDefault(column.Index), slot))];
        if (mapping.Table is { } table)
            return Cells(mapping, table, columns, sources);
        var values =
            columns[0].Type is ImageDataViewType
                ? Images(mapping, sources[0].Getter<MLImage>())
                : Vectors(mapping, sources[0].Getter<VBuffer<float>>());
        if (mapping.Label is null)
            return values;
        var label = LabelReader.Create(mapping, columns[1], sources[1]);
        return (destination, words, position) =>
        {
            values(destination[..^1], words, position);
            destination[^1] = label(position);
        };
    }

    private static Reader Cells(Mapping mapping, TableDescription table, DataViewSchema.Column[] columns, Source[] sources)
    {
        var cells = new CellReader(mapping.Operation, table);
        CellReader.Reader[] readers = [.. columns.Select((column, i) => cells.Create(i, column, sources[i]))];
        return (destination, words, position) =>
        {
            for (var i = 0; i < readers.Length; i++)
            {
                destination[i] = readers[i](position, out var word);
                if (!words.IsEmpty)
                    words[i] = word;
            }
        };
    }

    private static Reader Vectors(Mapping mapping, ValueGetter<VBuffer<float>> source)
    {
        var value = default(VBuffer<float>);
        return (destination, _, position) =>
        {
            source(ref value);
            if (value.Length != destination.Length)
            {
                throw new LatentException(
                    $"{mapping.Operation} reads column '{mapping.Input}', whose value in row {position} has {value.Length} values; it must be {mapping.Expected}."
                );
            }

            value.CopyTo(destination);
        };
    }

    private static Reader Images(Mapping mapping, ValueGetter<MLImage> source)
    {
        var pixels = new ImageReader(mapping.Image!);
        MLImage image = null!;
        return (destination, _, position) =>
        {
            source(ref image);
            if (image is null)
                throw new LatentException($"{mapping.Operation} reads column '{mapping.Input}', which has no image in row {position}.");
            pixels.Read(image, destination);
        };
    }

    private sealed class Source(DataViewRow row, DataViewSchema.Column column, ColumnBuffer? buffer, Func<int> slot) : CellReader.ISource
    {
        public ValueGetter<T> Getter<T>() =>
            buffer is ColumnBuffer<T> typed ? (ref T value) => value = typed.Values[slot()] : row.GetGetter<T>(column);
    }
}

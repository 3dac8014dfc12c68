using Latent.Contracts;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Image;

namespace Latent.Inference.Pipeline;

/// <summary>Reads the input column of a row into a span of floats.</summary>
internal static class InputReader
{
    public delegate void Reader(Span<float> destination, long position);

    /// <summary>
    /// Makes a reader of the row's input column; <paramref name="buffer"/> holds the row's value already if the column is also passed on.
    /// </summary>
    public static Reader Create(Mapping mapping, DataViewRow row, ColumnBuffer? buffer, Func<int> slot)
    {
        var column = mapping.InputColumn(row.Schema);
        return column.Type is ImageDataViewType
            ? Images(mapping, Source<MLImage>(row, column, buffer, slot))
            : Vectors(mapping, Source<VBuffer<float>>(row, column, buffer, slot));
    }

    private static ValueGetter<T> Source<T>(DataViewRow row, DataViewSchema.Column column, ColumnBuffer? buffer, Func<int> slot) =>
        buffer is ColumnBuffer<T> typed ? (ref T value) => value = typed.Values[slot()] : row.GetGetter<T>(column);

    private static Reader Vectors(Mapping mapping, ValueGetter<VBuffer<float>> source)
    {
        var value = default(VBuffer<float>);
        return (destination, position) =>
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
        return (destination, position) =>
        {
            source(ref image);
            if (image is null)
                throw new LatentException($"{mapping.Operation} reads column '{mapping.Input}', which has no image in row {position}.");
            pixels.Read(image, destination);
        };
    }
}

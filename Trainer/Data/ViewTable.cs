using System.Globalization;
using Latent.Contracts;
using Microsoft.ML;
using Microsoft.ML.Data;
using nietras.SeparatedValues;

namespace Latent.Trainer.Data;

/// <summary>Writes the scalar columns of ML.NET's data as a table, in which their kinds are then found like those of any other.</summary>
internal static class ViewTable
{
    private delegate void Cell(SepWriter.Col to);

    /// <summary>Writes a table; missing values are empty cells.</summary>
    /// <param name="data">The data.</param>
    /// <param name="columns">Names of the columns; null for all that can be written.</param>
    /// <param name="label">Name of the column of labels, which is written too; null for none.</param>
    /// <param name="path">The file to write.</param>
    /// <exception cref="LatentException">A column is missing, or is of a type that has no cell.</exception>
    public static void Write(IDataView data, IReadOnlyList<string>? columns, string? label, string path)
    {
        var chosen = columns is null
            ? data.Schema.Where(column => !column.IsHidden && column.Name != label && IsScalar(column.Type)).ToList()
            : columns.Select(name => Find(data.Schema, name)).ToList();
        if (label is not null)
            chosen.Add(Find(data.Schema, label));
        if (chosen.Count == 0)
            throw new LatentException("TrainTable finds no column of numbers, text, booleans, keys or dates in the data.");
        using var cursor = data.GetRowCursor(chosen);
        var cells = chosen.ConvertAll(column => CellOf(cursor, column));
        using var writer = Sep.New(',').Writer(options => options with { WriteHeader = false, Escape = true }).ToFile(path);
        using (var header = writer.NewRow())
        {
            for (var i = 0; i < chosen.Count; i++)
                header[i].Set(chosen[i].Name);
        }

        while (cursor.MoveNext())
        {
            using var row = writer.NewRow();
            for (var i = 0; i < cells.Count; i++)
                cells[i](row[i]);
        }
    }

    private static bool IsScalar(DataViewType type) =>
        type
            is NumberDataViewType
                or TextDataViewType
                or BooleanDataViewType
                or KeyDataViewType
                or DateTimeDataViewType
                or DateTimeOffsetDataViewType;

    private static DataViewSchema.Column Find(DataViewSchema schema, string name)
    {
        if (schema.GetColumnOrNull(name) is not { } column)
        {
            throw new LatentException(
                $"TrainTable reads column '{name}', which the data does not have; it has {string.Join(", ", schema.Select(c => $"'{c.Name}'"))}."
            );
        }

        return IsScalar(column.Type)
            ? column
            : throw new LatentException(
                $"TrainTable reads column '{name}', which is of type {column.Type}; it must be a number, a text, a boolean, a key or a date."
            );
    }

    private static Cell CellOf(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is KeyDataViewType)
            return Keys(row, column);
        var type = column.Type.RawType;
        if (type == typeof(ReadOnlyMemory<char>))
            return Of<ReadOnlyMemory<char>>((to, value) => to.Set(value.Span));
        if (type == typeof(bool))
            return Of<bool>((to, value) => to.Set(value ? "true" : "false"));
        if (type == typeof(DateTime))
            return Of<DateTime>((to, value) => to.Set(value.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture)));
        if (type == typeof(DateTimeOffset))
        {
            return Of<DateTimeOffset>(
                (to, value) => to.Set(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture))
            );
        }

        if (type == typeof(float))
            return Of<float>((to, value) => Number(to, float.IsNaN(value), value));
        if (type == typeof(double))
            return Of<double>((to, value) => Number(to, double.IsNaN(value), value));
        if (type == typeof(sbyte))
            return Of<sbyte>((to, value) => to.Format(value));
        if (type == typeof(byte))
            return Of<byte>((to, value) => to.Format(value));
        if (type == typeof(short))
            return Of<short>((to, value) => to.Format(value));
        if (type == typeof(ushort))
            return Of<ushort>((to, value) => to.Format(value));
        if (type == typeof(int))
            return Of<int>((to, value) => to.Format(value));
        if (type == typeof(uint))
            return Of<uint>((to, value) => to.Format(value));
        return type == typeof(long) ? Of<long>((to, value) => to.Format(value)) : Of<ulong>((to, value) => to.Format(value));

        Cell Of<T>(Action<SepWriter.Col, T> write)
        {
            var getter = row.GetGetter<T>(column);
            T value = default!;
            return to =>
            {
                getter(ref value);
                write(to, value);
            };
        }
    }

    // An empty cell is a missing one.
    private static void Number<T>(SepWriter.Col to, bool isMissing, T value)
        where T : ISpanFormattable
    {
        if (isMissing)
            to.Set("");
        else
            to.Format(value);
    }

    private static Cell Keys(DataViewRow row, DataViewSchema.Column column)
    {
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        if (column.HasKeyValues(TextDataViewType.Instance))
            column.GetKeyValues(ref names);
        string[] texts = [.. names.DenseValues().Select(text => text.ToString())];
        var read = Reader();
        return to =>
        {
            // Keys count from 1; 0 is missing.
            var key = read();
            if (key == 0)
                to.Set("");
            else if (texts.Length > 0)
                to.Set(texts[(int)key - 1]);
            else
                to.Format(key);
        };

        Func<ulong> Reader()
        {
            var type = column.Type.RawType;
            if (type == typeof(byte))
                return Of<byte>(value => value);
            if (type == typeof(ushort))
                return Of<ushort>(value => value);
            return type == typeof(uint) ? Of<uint>(value => value) : Of<ulong>(value => value);
        }

        Func<ulong> Of<T>(Func<T, ulong> convert)
        {
            var getter = row.GetGetter<T>(column);
            T value = default!;
            return () =>
            {
                getter(ref value);
                return convert(value);
            };
        }
    }
}

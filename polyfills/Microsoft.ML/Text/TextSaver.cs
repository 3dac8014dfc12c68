using System.Globalization;
using System.Text;

namespace Microsoft.ML.Data;

/// <summary>Writes rows as separated text.</summary>
internal sealed class TextSaver(char separator)
{
    private delegate void Append(List<string> fields);

    public void Save(IDataView data, Stream stream, bool header, bool schema, bool keepHidden)
    {
        var columns = data.Schema.Where(column => (keepHidden || !column.IsHidden)
            && (column.Type.ItemType() is KeyDataViewType || KnownTypes.KindOf(column.Type.ItemType().RawType) is not null)).ToArray();
        // A line of nothing but empty names would say nothing, and blank lines are skipped.
        header &= Array.Exists(columns, column => column.Type is not VectorDataViewType || column.HasSlotNames());
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
        if (schema)
            TextDescription.Write(writer, columns, separator, header);
        if (header)
            WriteLine(writer, columns.SelectMany(Names));
        using var cursor = data.GetRowCursor(columns);
        var appends = columns.Select(column => (Append)RowGetters.Invoke(
            column.Type is VectorDataViewType ? AppendVector<int> : AppendScalar<int>, column.Type.ItemType().RawType, cursor, column))
                .ToArray();
        var fields = new List<string>();
        while (cursor.MoveNext())
        {
            fields.Clear();
            foreach (var append in appends)
                append(fields);
            WriteLine(writer, fields);
        }
    }

    private void WriteLine(TextWriter writer, IEnumerable<string> fields) => writer.WriteLine(string.Join(separator, fields));

    private IEnumerable<string> Names(DataViewSchema.Column column)
    {
        if (column.Type is not VectorDataViewType vector)
            return [Quote(column.Name)];
        if (!column.HasSlotNames())
            return Enumerable.Repeat("\"\"", vector.Size);
        VBuffer<ReadOnlyMemory<char>> names = default;
        column.GetSlotNames(ref names);
        return names.DenseValues().Select(name => Quote(name.ToString())).ToArray();
    }

    private Append AppendScalar<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        var format = Formatter<T>(column.Type);
        return fields =>
        {
            T value = default!;
            getter(ref value);
            fields.Add(format(value));
        };
    }

    private Append AppendVector<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<VBuffer<T>>(column);
        var format = Formatter<T>(column.Type.ItemType());
        VBuffer<T> value = default;
        return fields =>
        {
            getter(ref value);
            foreach (var item in value.DenseValues())
                fields.Add(format(item));
        };
    }

    private Func<T, string> Formatter<T>(DataViewType type) => value => (type, value) switch
    {
        (KeyDataViewType, IConvertible key) =>
            key.ToUInt64(CultureInfo.InvariantCulture) is > 0 and var index ? (index - 1).ToString(CultureInfo.InvariantCulture) : "",
        (_, ReadOnlyMemory<char> text) => Quote(text.ToString()),
        (_, float number) => float.IsNaN(number) ? "?" : number.ToString("R", CultureInfo.InvariantCulture),
        (_, double number) => double.IsNaN(number) ? "?" : number.ToString("R", CultureInfo.InvariantCulture),
        (_, bool flag) => flag ? "1" : "0",
        (_, DateTime time) => $"\"{time:o}\"",
        (_, DateTimeOffset time) => $"\"{time:o}\"",
        (_, TimeSpan time) => $"\"{time:c}\"",
        (_, IFormattable other) => other.ToString(null, CultureInfo.InvariantCulture),
        _ => throw new InvalidOperationException($"A value of type {type} can't be written as text."),
    };

    // Quotes where the text would otherwise not be read back as it is; a colon could be a sparse item's.
    private string Quote(string text) => text.Length > 0 && text[0] != ' ' && text.IndexOfAny(['"', separator, ':', '\n']) < 0
        ? text
        : $"\"{text.Replace("\"", "\"\"")}\"";
}

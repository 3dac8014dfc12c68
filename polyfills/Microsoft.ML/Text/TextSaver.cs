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
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true);
        if (schema)
            WriteSchema(writer, columns, header);
        if (header)
            WriteLine(writer, columns.SelectMany(Names));
        using var cursor = data.GetRowCursor(columns);
        var appends = columns.Select(column => (Append)RowGetters.Invoke(
            column.Type is VectorDataViewType ? AppendVector<int> : AppendScalar<int>, column.Type.ItemType().RawType, cursor, column)).ToArray();
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

    // The description that ML.NET's own loader can read back.
    private void WriteSchema(TextWriter writer, DataViewSchema.Column[] columns, bool header)
    {
        writer.WriteLine("#@ TextLoader{");
        if (header)
            writer.WriteLine("#@   header+");
        writer.WriteLine($"#@   sep={separator switch { ' ' => "space", '\t' => "tab", ',' => "comma", ';' => "semicolon", '|' => "bar", _ => separator.ToString() }}");
        var next = 0;
        foreach (var column in columns)
        {
            var kind = column.Type.ItemType().RawType switch
            {
                var t when t == typeof(float) => "R4",
                var t when t == typeof(double) => "R8",
                var t when t == typeof(ReadOnlyMemory<char>) => "TX",
                var t when t == typeof(bool) => "BL",
                var t when t == typeof(TimeSpan) => "TS",
                var t when t == typeof(DateTime) => "DT",
                var t when t == typeof(DateTimeOffset) => "DZ",
                var t => (t.Name.StartsWith('U') || t == typeof(byte) ? "U" : "I") + System.Runtime.InteropServices.Marshal.SizeOf(t),
            };
            var key = column.Type.ItemType() is KeyDataViewType k ? $"[{k.Count}]" : "";
            var size = column.Type.ValueCount();
            var range = column.Type is not VectorDataViewType ? $"{next}" : size > 0 ? $"{next}-{next + size - 1}" : $"{next}-**";
            writer.WriteLine($"#@   col={column.Name}:{kind}{key}:{range}");
            next += size;
        }

        writer.WriteLine("#@ }");
    }

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
        (KeyDataViewType, IConvertible key) => key.ToUInt64(CultureInfo.InvariantCulture) is > 0 and var index ? (index - 1).ToString(CultureInfo.InvariantCulture) : "",
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

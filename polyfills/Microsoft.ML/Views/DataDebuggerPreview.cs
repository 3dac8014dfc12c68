using System.Collections.Immutable;

namespace Microsoft.ML.Data;

/// <summary>The first rows of a view, to look at.</summary>
public sealed class DataDebuggerPreview
{
    internal DataDebuggerPreview(IDataView data, int maxRows)
    {
        if (maxRows < 0)
            throw new ArgumentOutOfRangeException(nameof(maxRows), $"A number of rows is not negative, as {maxRows} is.");
        Schema = data.Schema;
        var columns = data.Schema.Select(_ => new List<object>()).ToArray();
        using var cursor = data.GetRowCursor(data.Schema);
        var readers = data.Schema.Select(column => (Func<object>)RowGetters.Invoke(Reader<int>, column.Type.RawType, cursor, column))
            .ToArray();
        var rows = ImmutableArray.CreateBuilder<RowInfo>();
        while (rows.Count < maxRows && cursor.MoveNext())
        {
            var values = readers.Select(read => read()).ToArray();
            for (var i = 0; i < values.Length; i++)
                columns[i].Add(values[i]);
            rows.Add(new RowInfo([.. values.Select((value, i) => KeyValuePair.Create(Schema[i].Name, value))]));
        }

        RowView = rows.ToImmutable();
        ColumnView = [.. Schema.Select((column, i) => new ColumnInfo(column, [.. columns[i]]))];
    }

    public DataViewSchema Schema { get; }

    public ImmutableArray<ColumnInfo> ColumnView { get; }

    public ImmutableArray<RowInfo> RowView { get; }

    public override string ToString() => $"{Schema.Count} columns, {RowView.Length} rows";

    private static Func<object> Reader<T>(DataViewRow row, DataViewSchema.Column column)
    {
        var getter = row.GetGetter<T>(column);
        return () =>
        {
            T value = default!;
            getter(ref value);
            return value!;
        };
    }

    public sealed class ColumnInfo
    {
        internal ColumnInfo(DataViewSchema.Column column, object[] values)
        {
            Column = column;
            Values = values;
        }

        public DataViewSchema.Column Column { get; }

        public object[] Values { get; }

        public override string ToString() => Column.ToString();
    }

    public sealed class RowInfo
    {
        internal RowInfo(KeyValuePair<string, object>[] values) => Values = values;

        public KeyValuePair<string, object>[] Values { get; }

        public override string ToString() => $"{Values.Length} columns";
    }
}

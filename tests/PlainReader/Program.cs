using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

// PlainReader MODEL.zip COLUMN: reads rows of numbers from standard input, one a line, and prints the column's values.
var ml = new MLContext();
var model = ml.Model.Load(args[0], out var schema);
var input = schema.Single(c => c.Type is VectorDataViewType);
var definition = SchemaDefinition.Create(typeof(Row));
var column = definition[nameof(Row.Values)];
column.ColumnName = input.Name;
column.ColumnType = input.Type;
var rows = new List<Row>();
while (Console.ReadLine() is { } line)
    rows.Add(new Row { Values = [.. line.Split(' ').Select(v => float.Parse(v, CultureInfo.InvariantCulture))] });
var data = model.Transform(ml.Data.LoadFromEnumerable(rows, definition));

var output = data.Schema[args[1]];
using var cursor = data.GetRowCursor([output]);
var getter = cursor.GetGetter<VBuffer<float>>(output);
var value = default(VBuffer<float>);
while (cursor.MoveNext())
{
    getter(ref value);
    Console.WriteLine(string.Join(' ', value.DenseValues().Select(v => v.ToString("R", CultureInfo.InvariantCulture))));
}

internal sealed class Row
{
    public float[] Values { get; set; } = [];
}

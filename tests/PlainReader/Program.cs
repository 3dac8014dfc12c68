using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

// PlainReader MODEL.zip COLUMN: reads rows of numbers from standard input, one a line, and prints the column's type, its values as a cursor
// reads them, and its values as a PredictionEngine does.
var ml = new MLContext();
var model = ml.Model.Load(args[0], out var schema);
var input = schema.Single(c => c.Type is VectorDataViewType { ItemType: NumberDataViewType });
var definition = SchemaDefinition.Create(typeof(Row));
var column = definition[nameof(Row.Values)];
column.ColumnName = input.Name;
column.ColumnType = input.Type;
var rows = new List<Row>();
while (Console.ReadLine() is { } line)
    rows.Add(new Row { Values = [.. line.Split(' ').Select(v => float.Parse(v, CultureInfo.InvariantCulture))] });
var data = model.Transform(ml.Data.LoadFromEnumerable(rows, definition));

var output = data.Schema[args[1]];
Console.WriteLine(output.Type);
var isVector = output.Type is VectorDataViewType;
using var cursor = data.GetRowCursor([output]);
if (isVector)
{
    var getter = cursor.GetGetter<VBuffer<float>>(output);
    var value = default(VBuffer<float>);
    while (cursor.MoveNext())
    {
        getter(ref value);
        Print([.. value.DenseValues()]);
    }
}
else
{
    var getter = cursor.GetGetter<float>(output);
    var value = 0f;
    while (cursor.MoveNext())
    {
        getter(ref value);
        Print([value]);
    }
}

rows.ForEach(isVector ? Engine<Vector>(v => v.Values) : Engine<Scalar>(v => [v.Value]));

Action<Row> Engine<T>(Func<T, float[]> values)
    where T : class, new()
{
    var result = SchemaDefinition.Create(typeof(T));
    result[0].ColumnName = args[1];
    result[0].ColumnType = output.Type;
    var engine = ml.Model.CreatePredictionEngine<Row, T>(model, ignoreMissingColumns: false, definition, result);
    return row => Print(values(engine.Predict(row)));
}

static void Print(float[] values) => Console.WriteLine(string.Join(' ', values.Select(v => v.ToString("R", CultureInfo.InvariantCulture))));

internal sealed class Row
{
    public float[] Values { get; set; } = [];
}

internal sealed class Vector
{
    public float[] Values { get; set; } = [];
}

internal sealed class Scalar
{
    public float Value { get; set; }
}

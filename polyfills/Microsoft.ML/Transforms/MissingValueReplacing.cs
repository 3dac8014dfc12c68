using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

public sealed class MissingValueReplacingEstimator : IEstimator<MissingValueReplacingTransformer>
{
    private readonly (string Output, string Input)[] _columns;
    private readonly ReplacementMode _mode;
    private readonly bool _bySlot;

    internal MissingValueReplacingEstimator((string Output, string Input)[] columns, ReplacementMode mode, bool bySlot) =>
        (_columns, _mode, _bySlot) = (columns, mode, bySlot);

    public enum ReplacementMode : byte
    {
        DefaultValue = 0,
        Mean = 1,
        Minimum = 2,
        Maximum = 3,
        Mode = 5,
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return inputSchema.With(_columns.Select(column =>
        {
            var input = inputSchema.Input(column.Input);
            return MissingValues.CanMiss(input.ItemType)
                ? input.Named(column.Output)
                : throw new ArgumentOutOfRangeException(nameof(inputSchema),
                    $"Column '{input.Name}' of type {input.TypeString} has no missing values to replace.");
        }));
    }

    public MissingValueReplacingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShape.Create(input.Schema));
        return new([.. _columns.Select(column => (column.Output, column.Input, (double[])RowGetters.Invoke(
            Replacements<float>, input.Schema[column.Input].Type.ItemType().RawType, input, input.Schema[column.Input])))]);
    }

    // One replacement for each slot, or one for all where sizes are unknown or so asked.
    private double[] Replacements<T>(IDataView data, DataViewSchema.Column column)
        where T : IFloatingPointIeee754<T>
    {
        var slots = _bySlot ? Math.Max(1, column.Type.ValueCount()) : 1;
        if (_mode == ReplacementMode.DefaultValue)
            return new double[1];
        var seen = Enumerable.Range(0, slots).Select(_ => new List<double>()).ToArray();
        foreach (var row in column.Type is VectorDataViewType ? data.GetColumn<T[]>(column)
            : data.GetColumn<T>(column).Select(value => new[] { value }))
        {
            for (var i = 0; i < row.Length; i++)
            {
                if (!T.IsNaN(row[i]))
                    seen[i % slots].Add(double.CreateChecked(row[i]));
            }
        }

        return [.. seen.Select(values => values.Count == 0 ? 0 : _mode switch
        {
            ReplacementMode.Mean => values.Average(),
            ReplacementMode.Minimum => values.Min(),
            ReplacementMode.Maximum => values.Max(),
            _ => values.CountBy(value => value).MaxBy(pair => pair.Value).Key,
        })];
    }
}

public sealed class MissingValueReplacingTransformer : RowToRowTransformerBase
{
    internal const string Signature = "NAReplaceTransform";
    private readonly (string Output, string Input, double[] Values)[] _columns;

    internal MissingValueReplacingTransformer((string Output, string Input, double[] Values)[] columns) => _columns = columns;

    internal static ITransformer Load(ModelLoadContext ctx)
    {
        var columns = ctx.Reader.Read(() => (Output: ctx.Reader.ReadName(), ctx.Reader.ReadName(), Values: ctx.Reader.Read(ctx.Reader.ReadDouble)));
        return Array.Exists(columns, column => column.Values.Length == 0)
            ? throw new FormatException("A column has no value that stands for missing ones.")
            : new MissingValueReplacingTransformer(columns);
    }

    private protected override RowMapper CreateMapper(DataViewSchema inputSchema) => new Mapper(inputSchema, _columns);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.Sign(Signature);
        ctx.Writer.Write(_columns, column =>
        {
            ctx.Writer.Write(column.Output);
            ctx.Writer.Write(column.Input);
            ctx.Writer.Write(column.Values, ctx.Writer.Write);
        });
    }

    private sealed class Mapper(DataViewSchema inputSchema, (string Output, string Input, double[] Values)[] columns)
        : OneToOneMapper(inputSchema, [.. columns.Select(column => Bind(inputSchema, column.Input).Index)])
    {
        public override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; } = [.. columns
            .Select(column => new DataViewSchema.DetachedColumn(
            column.Output, inputSchema[column.Input].Type,
                AnnotationKinds.Build(builder => builder.Add(inputSchema[column.Input].Annotations, _ => true))))];

        protected override Delegate CreateGetter(DataViewRow row, DataViewSchema.Column input, int output) => (Delegate)RowGetters.Invoke(
            input.Type is VectorDataViewType ? Vector<float>
                : Scalar<float>, input.Type.ItemType().RawType, row, input, columns[output].Values);

        private static DataViewSchema.Column Bind(DataViewSchema schema, string name)
        {
            var input = ColumnPairs.Input(schema, name);
            return input.Type.ItemType() is NumberDataViewType && MissingValues.CanMiss(input.Type)
                ? input
                : throw SchemaErrors.Mismatch("inputSchema", "input", name, "Single or Double", input.Type.ToString()!);
        }

        private static ValueGetter<T> Scalar<T>(DataViewRow row, DataViewSchema.Column input, double[] values)
            where T : IFloatingPointIeee754<T>
        {
            var getter = row.GetGetter<T>(input);
            return (ref T destination) =>
            {
                getter(ref destination);
                if (T.IsNaN(destination))
                    destination = T.CreateChecked(values[0]);
            };
        }

        private static ValueGetter<VBuffer<T>> Vector<T>(DataViewRow row, DataViewSchema.Column input, double[] values)
            where T : IFloatingPointIeee754<T>
        {
            var getter = row.GetGetter<VBuffer<T>>(input);
            VBuffer<T> source = default;
            return (ref VBuffer<T> destination) =>
            {
                getter(ref source);
                source.CopyToDense(ref destination);
                var editor = VBufferEditor.CreateFromBuffer(ref destination);
                for (var slot = 0; slot < editor.Values.Length; slot++)
                {
                    if (T.IsNaN(editor.Values[slot]))
                        editor.Values[slot] = T.CreateChecked(values[slot % values.Length]);
                }

                destination = editor.Commit();
            };
        }
    }
}

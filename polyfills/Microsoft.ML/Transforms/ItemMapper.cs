namespace Microsoft.ML.Data;

/// <summary>A mapper that converts each value of a column, or each item of a vector, by itself.</summary>
internal abstract class ItemMapper(DataViewSchema inputSchema, (string Output, string Input)[] columns)
    : OneToOneMapper(inputSchema, ColumnPairs.Inputs(inputSchema, columns))
{
    protected (string Output, string Input)[] Columns => columns;

    /// <summary>The column's type with other items.</summary>
    protected static DataViewType WithItems(DataViewType type, PrimitiveDataViewType item) =>
        type is VectorDataViewType vector ? new VectorDataViewType(item, vector.Dimensions) : item;

    protected static ValueGetter<TOut> Scalar<TIn, TOut>(DataViewRow row, DataViewSchema.Column input, Func<TIn, TOut> convert)
    {
        var getter = row.GetGetter<TIn>(input);
        TIn value = default!;
        return (ref TOut destination) =>
        {
            getter(ref value);
            destination = convert(value);
        };
    }

    protected static ValueGetter<VBuffer<TOut>> Vector<TIn, TOut>(DataViewRow row, DataViewSchema.Column input, Func<TIn, TOut> convert)
    {
        var getter = row.GetGetter<VBuffer<TIn>>(input);
        VBuffer<TIn> source = default;
        return (ref VBuffer<TOut> destination) =>
        {
            getter(ref source);
            // What isn't stored is the default, which may convert to something else than the default.
            var editor = VBufferEditor.Create(ref destination, source.Length);
            foreach (var (slot, value) in source.Items(all: true))
                editor.Values[slot] = convert(value);
            destination = editor.Commit();
        };
    }

    protected static Delegate Getter<TIn, TOut>(DataViewRow row, DataViewSchema.Column input, Func<TIn, TOut> convert) =>
        input.Type is VectorDataViewType ? Vector(row, input, convert) : Scalar(row, input, convert);
}

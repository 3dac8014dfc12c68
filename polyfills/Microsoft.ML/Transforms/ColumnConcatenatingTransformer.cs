namespace Microsoft.ML.Data;

public sealed class ColumnConcatenatingTransformer : RowToRowTransformerBase
{
    internal const string Signature = "ConcatTransform";
    private readonly string _output;
    private readonly string[] _inputs;

    internal ColumnConcatenatingTransformer(string output, string[] inputs)
    {
        _output = output;
        _inputs = inputs;
    }

    internal static ITransformer Load(ModelLoadContext ctx)
    {
        var (output, inputs) = (ctx.Reader.ReadName(), ctx.Reader.Read(ctx.Reader.ReadName));
        return inputs.Length > 0
            ? new ColumnConcatenatingTransformer(output, inputs)
            : throw new FormatException($"Column '{ModelLoaders.Shown(output)}' is joined of no columns.");
    }

    private protected override RowMapper CreateMapper(DataViewSchema inputSchema) =>
        new Mapper(inputSchema, _output, [.. _inputs.Select(name => ColumnPairs.Input(inputSchema, name))]);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.Sign(Signature);
        ctx.Writer.Write(_output);
        ctx.Writer.Write(_inputs, ctx.Writer.Write);
    }

    private sealed class Mapper : RowMapper
    {
        private readonly DataViewSchema.Column[] _columns;
        private readonly PrimitiveDataViewType _itemType;

        public Mapper(DataViewSchema inputSchema, string output, DataViewSchema.Column[] columns)
            : base(inputSchema)
        {
            _columns = columns;
            _itemType = columns[0].Type.ItemType() as PrimitiveDataViewType
                ?? throw SchemaErrors.Mismatch("inputSchema", "input", columns[0].Name, "a primitive type or a vector of one",
                    columns[0].Type.ToString()!);
            foreach (var column in columns)
            {
                if (!column.Type.ItemType().Equals(_itemType))
                    throw SchemaErrors.Mismatch("inputSchema", "input", column.Name, _itemType.ToString()!,
                        column.Type.ItemType().ToString()!);
            }

            Outputs = [IsIdentity ? new(output, columns[0].Type, columns[0].Annotations) : new(output, OutputType(), Annotations())];
        }

        public override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

        private bool IsIdentity => _columns.Length == 1 && _columns[0].Type is VectorDataViewType;

        public override IEnumerable<int> InputsOf(int output) => _columns.Select(column => column.Index);

        public override Delegate?[] CreateGetters(DataViewRow row, bool[] active, ICollection<IDisposable> owned) =>
            [IsIdentity ? RowGetters.Untyped(row, row.Schema[_columns[0].Index]) : (Delegate)RowGetters.Invoke(Getter<int>, _itemType.RawType, row)];

        private VectorDataViewType OutputType()
        {
            var known = _columns.All(column => column.Type.ValueCount() > 0);
            return new(_itemType, known ? _columns.Sum(column => column.Type.ValueCount()) : 0);
        }

        private DataViewSchema.Annotations Annotations() => AnnotationKinds.Build(builder =>
        {
            if (_columns.All(column => column.IsNormalized()))
                builder.AddIsNormalized();
            if (OutputType().IsKnownSize && _columns.Any(column => column.Type is not VectorDataViewType || column.HasSlotNames()))
                builder.AddSlotNames(_columns.SelectMany(SlotNames));
        });

        // A slot of a vector is called column.slot where it has a name, and nothing where it has none.
        private static IEnumerable<string> SlotNames(DataViewSchema.Column column)
        {
            if (column.Type is not VectorDataViewType vector)
                return [column.Name];
            if (!column.HasSlotNames())
                return Enumerable.Repeat("", vector.Size);
            VBuffer<ReadOnlyMemory<char>> names = default;
            column.GetSlotNames(ref names);
            return names.DenseValues().Select(name => name.IsEmpty ? "" : $"{column.Name}.{name}");
        }

        private ValueGetter<VBuffer<T>> Getter<T>(DataViewRow row)
        {
            var parts = _columns.Select(column => Part<T>(row, row.Schema[column.Index])).ToArray();
            var buffers = new VBuffer<T>[parts.Length];
            return (ref VBuffer<T> destination) =>
            {
                var (length, count) = (0, 0);
                for (var i = 0; i < parts.Length; i++)
                {
                    parts[i](ref buffers[i]);
                    if (_columns[i].Type.ValueCount() is var size && size > 0 && size != buffers[i].Length)
                        throw new InvalidOperationException($"Column '{_columns[i].Name}': expected {size} slots, but got {buffers[i].Length}.");
                    length += buffers[i].Length;
                    count += buffers[i].GetValues().Length;
                }

                destination = count <= length / 2 ? Sparse(buffers, ref destination, length, count)
                    : Dense(buffers, ref destination, length);
            };
        }

        private static ValueGetter<VBuffer<T>> Part<T>(DataViewRow row, DataViewSchema.Column column)
        {
            if (column.Type is VectorDataViewType)
                return row.GetGetter<VBuffer<T>>(column);
            var getter = row.GetGetter<T>(column);
            return (ref VBuffer<T> destination) =>
            {
                var editor = VBufferEditor.Create(ref destination, 1);
                getter(ref editor.Values[0]);
                destination = editor.Commit();
            };
        }

        private static VBuffer<T> Dense<T>(VBuffer<T>[] parts, ref VBuffer<T> destination, int length)
        {
            var editor = VBufferEditor.Create(ref destination, length);
            var offset = 0;
            foreach (var part in parts)
            {
                part.CopyTo(editor.Values, offset);
                offset += part.Length;
            }

            return editor.Commit();
        }

        private static VBuffer<T> Sparse<T>(VBuffer<T>[] parts, ref VBuffer<T> destination, int length, int count)
        {
            var editor = VBufferEditor.Create(ref destination, length, count);
            var (offset, next) = (0, 0);
            foreach (var part in parts)
            {
                var values = part.GetValues();
                var indices = part.GetIndices();
                for (var i = 0; i < values.Length; i++, next++)
                {
                    editor.Values[next] = values[i];
                    editor.Indices[next] = offset + (part.IsDense ? i : indices[i]);
                }

                offset += part.Length;
            }

            return editor.Commit();
        }
    }
}

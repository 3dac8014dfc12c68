using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new()
    where TDst : class, new()
{
    internal CustomMappingEstimator(CustomMappingTransformer<TSrc, TDst> transformer)
        : base(transformer)
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (var column in Transformer.Read)
            inputSchema.Input(column.Name);
        return inputSchema.With(Transformer.Added.Select(column => SchemaShape.ColumnOf(column.Name, column.Type, SchemaShape.AnnotationsOf(column.Annotations))));
    }
}

/// <summary>A user's function from some columns of a row to others; it can't be saved here.</summary>
public sealed class CustomMappingTransformer<TSrc, TDst> : RowToRowTransformerBase
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly Action<TSrc, TDst> _map;
    private readonly SchemaDefinition? _readDefinition;

    internal CustomMappingTransformer(Action<TSrc, TDst> map, SchemaDefinition? readDefinition, SchemaDefinition? addedDefinition)
    {
        _map = map;
        _readDefinition = readDefinition;
        Read = MemberColumn.Of(typeof(TSrc), readDefinition, SchemaDefinition.Direction.Write);
        Added = MemberColumn.Of(typeof(TDst), addedDefinition, SchemaDefinition.Direction.Read);
    }

    internal MemberColumn[] Read { get; }

    internal MemberColumn[] Added { get; }

    private protected override RowMapper CreateMapper(DataViewSchema inputSchema) => new Mapper(inputSchema, this);

    private protected override void SaveModel(ModelSaveContext ctx) =>
        throw new InvalidOperationException("A custom mapping can't be saved: a function can't be written to a file.");

    private sealed class Mapper(DataViewSchema inputSchema, CustomMappingTransformer<TSrc, TDst> parent) : RowMapper(inputSchema)
    {
        private readonly ObjectFiller<TSrc> _filler = new(inputSchema, ignoreMissingColumns: false, parent._readDefinition);
        private readonly ObjectRowReader<TDst> _reader = new(parent.Added);

        public override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; } =
            [.. parent.Added.Select(column => new DataViewSchema.DetachedColumn(column.Name, column.Type, column.Annotations))];

        public override IEnumerable<int> InputsOf(int output) => _filler.Needed.Select(column => column.Index);

        public override Delegate?[] CreateGetters(DataViewRow row, bool[] active, ICollection<IDisposable> owned)
        {
            var (source, target) = (new TSrc(), new TDst());
            var fill = _filler.CreateFill(row);
            var mapped = -1L;
            return [.. active.Select((isActive, output) => isActive ? _reader.CreateGetter(output, Current) : null)];

            TDst Current()
            {
                if (mapped != row.Position)
                {
                    fill(source);
                    parent._map(source, target);
                    mapped = row.Position;
                }

                return target;
            }
        }
    }
}

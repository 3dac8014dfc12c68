using System.Reflection;
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
        foreach (var column in Transformer.Inputs)
        {
            var (needed, given) = (SchemaShape.ColumnOf(column.Name, column.Type), inputSchema.Input(column.Name));
            var isVector = needed.Kind != SchemaShape.Column.VectorKind.Scalar;
            if (!needed.ItemType.Equals(given.ItemType) || needed.IsKey != given.IsKey
                || isVector != (given.Kind != SchemaShape.Column.VectorKind.Scalar))
                throw SchemaErrors.Mismatch(nameof(inputSchema), "input", column.Name, column.Type.ToString()!, given.TypeString);
        }

        return inputSchema.With(SchemaShape.Create(MemberColumn.Schema(Transformer.Outputs)));
    }
}

public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly Action<TSrc, TDst> _map;
    private readonly string? _contractName;
    private readonly SchemaDefinition? _inputs;

    internal CustomMappingTransformer(Action<TSrc, TDst> map, string? contractName, SchemaDefinition? inputs, SchemaDefinition? outputs)
    {
        _map = map;
        _contractName = contractName;
        _inputs = inputs;
        Inputs = MemberColumn.Of(typeof(TSrc), inputs, SchemaDefinition.Direction.Both);
        Outputs = MemberColumn.Of(typeof(TDst), outputs, SchemaDefinition.Direction.Write);
    }

    bool ITransformer.IsRowToRowMapper => true;

    internal MemberColumn[] Inputs { get; }

    internal MemberColumn[] Outputs { get; }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Map(inputSchema).OutputSchema;

    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return new MappedView(input, Map(input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => Map(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ArgumentNullException.ThrowIfNull(ctx);
        if (_contractName is null)
            throw new InvalidOperationException("A custom mapping without a contract name can't be saved.");
        ctx.Sign(CustomMapping.Signature);
        ctx.Writer.Write(_contractName);
        ctx.Writer.Write(_map.Method.DeclaringType!.Assembly.FullName!);
    }

    private RowMapping Map(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return RowMapping.Append(new Mapper(inputSchema, new(inputSchema, ignoreMissingColumns: false, _inputs), new(Outputs), _map));
    }

    private sealed class Mapper(DataViewSchema inputSchema, ObjectFiller<TSrc> filler, ObjectRowReader<TDst> reader, Action<TSrc, TDst> map)
        : RowMapper(inputSchema)
    {
        public override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; } =
            [.. reader.Schema.Select(column => new DataViewSchema.DetachedColumn(column))];

        public override IEnumerable<int> InputsOf(int output) => filler.Needed.Select(column => column.Index);

        public override Delegate?[] CreateGetters(DataViewRow row, bool[] active, ICollection<IDisposable> owned)
        {
            var fill = filler.CreateFill(row);
            var (source, destination) = (new TSrc(), new TDst());
            var position = -1L;
            // One call a row, whichever of its outputs are read.
            TDst Current()
            {
                if (position != row.Position)
                {
                    fill(source);
                    map(source, destination);
                    position = row.Position;
                }

                return destination;
            }

            return [.. active.Select((isActive, i) => isActive ? reader.CreateGetter(i, Current) : null)];
        }
    }
}

/// <summary>Makes a mapping again that was saved under a contract name.</summary>
public abstract class CustomMappingFactory<TSrc, TDst> : ICustomMappingFactory
    where TSrc : class, new()
    where TDst : class, new()
{
    public abstract Action<TSrc, TDst> GetMapping();

    ITransformer ICustomMappingFactory.CreateTransformer(string contractName) =>
        new CustomMappingTransformer<TSrc, TDst>(GetMapping(), contractName, null, null);
}

[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class CustomMappingFactoryAttributeAttribute(string contractName) : Attribute
{
    public string ContractName { get; } = contractName;
}

internal interface ICustomMappingFactory
{
    ITransformer CreateTransformer(string contractName);
}

internal static class CustomMapping
{
    public const string Signature = "CustTransformer";

    public static ITransformer Load(ModelLoadContext ctx)
    {
        var (contractName, assembly) = (ctx.Reader.ReadString(), ctx.Reader.ReadString());
        var factory = Find(assembly, contractName).GetTypes().FirstOrDefault(type =>
                type.GetCustomAttributes<CustomMappingFactoryAttributeAttribute>().Any(attribute => attribute.ContractName == contractName))
            ?? throw new InvalidOperationException($"{assembly} has no custom mapping factory for contract '{contractName}', which the model was saved with.");
        return ((ICustomMappingFactory)Activator.CreateInstance(factory, nonPublic: true)!).CreateTransformer(contractName);
    }

    private static Assembly Find(string assembly, string contractName)
    {
        try
        {
            return Assembly.Load(assembly);
        }
        catch (Exception e) when (e is IOException or ArgumentException or BadImageFormatException)
        {
            throw new FormatException($"'{ModelLoaders.Shown(assembly)}', which has the custom mapping '{ModelLoaders.Shown(contractName)}' of the model, can't be loaded.", e);
        }
    }
}

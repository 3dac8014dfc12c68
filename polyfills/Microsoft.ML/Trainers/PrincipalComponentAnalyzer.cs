using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Microsoft.ML.Transforms;

public sealed class PrincipalComponentAnalyzer : IEstimator<PrincipalComponentAnalysisTransformer>
{
    private readonly string _output;
    private readonly string _input;
    private readonly string? _weight;
    private readonly int _rank;
    private readonly int _oversampling;
    private readonly bool _center;
    private readonly int _seed;

    internal PrincipalComponentAnalyzer(string output, string input, string? weight, int rank, int oversampling, bool center, int seed)
    {
        if (rank <= 0 || oversampling < 0)
            throw new ArgumentOutOfRangeException(nameof(rank), "The rank is positive and the oversampling not negative.");
        (_output, _input, _weight, _rank, _oversampling, _center, _seed) = (output, input, weight, rank, oversampling, center, seed);
    }

    public PrincipalComponentAnalysisTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        GetOutputSchema(SchemaShape.Create(input.Schema));
        return new(_output, _input, RandomizedPca.Train(FeatureReader.Read(input, _input, _weight), _rank, _oversampling, _center, _seed));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        inputSchema.Input(_input);
        FeatureReader.Check(inputSchema, _input, _weight);
        return inputSchema.With(new SchemaShape.Column(_output, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false));
    }
}

public sealed class PrincipalComponentAnalysisTransformer : RowToRowTransformerBase
{
    internal const string Signature = "PcaTransform";
    private readonly (string Output, string Input) _column;
    private readonly PcaModelParameters _model;

    internal PrincipalComponentAnalysisTransformer(string output, string input, PcaModelParameters model)
    {
        _column = (output, input);
        _model = model;
    }

    internal static ITransformer Load(ModelLoadContext ctx) =>
        new PrincipalComponentAnalysisTransformer(ctx.Reader.ReadName(), ctx.Reader.ReadName(), PcaModelParameters.Read(ctx.Reader));

    private protected override RowMapper CreateMapper(DataViewSchema inputSchema) => new Mapper(inputSchema, _column, _model);

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.Sign(Signature);
        ctx.Writer.Write(_column.Output);
        ctx.Writer.Write(_column.Input);
        _model.Write(ctx.Writer);
    }

    private sealed class Mapper : OneToOneMapper
    {
        private readonly PcaModelParameters _model;

        public Mapper(DataViewSchema inputSchema, (string Output, string Input) column, PcaModelParameters model)
            : base(inputSchema, ColumnPairs.Inputs(inputSchema, [column]))
        {
            var expected = new VectorDataViewType(NumberDataViewType.Single, model.Dimension);
            if (inputSchema[column.Input].Type is not VectorDataViewType type || type.Size != model.Dimension
                || type.ItemType != NumberDataViewType.Single)
                throw SchemaErrors.Mismatch(nameof(inputSchema), "input", column.Input, expected.ToString(),
                    inputSchema[column.Input].Type.ToString()!);
            _model = model;
            Outputs = [new(column.Output, new VectorDataViewType(NumberDataViewType.Single, model.Rank))];
        }

        public override IReadOnlyList<DataViewSchema.DetachedColumn> Outputs { get; }

        protected override Delegate CreateGetter(DataViewRow row, DataViewSchema.Column input, int output)
        {
            var getter = row.GetGetter<VBuffer<float>>(input);
            VBuffer<float> features = default;
            VBuffer<float> dense = default;
            return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> destination) =>
            {
                getter(ref features);
                features.CopyToDense(ref dense);
                var editor = VBufferEditor.Create(ref destination, _model.Rank);
                _model.Project(dense.GetValues(), editor.Values);
                destination = editor.Commit();
            });
        }
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;

namespace Latent.Tests;

/// <summary>What Latent takes for granted about ML.NET: where one of these fails after an update, Inference must change.</summary>
public sealed class MLNetAssumptionsTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _graph = Path.Combine(TestBundles.Table, "encoder.onnx");

    private IDataView Data => _ml.Data.LoadFromEnumerable([new Input { Values = [1, 2, 3, 4, 5, 6] }]);

    [Fact]
    public void A_transformer_that_hands_on_to_another_is_saved_as_that_other()
    {
        var inner = _ml.Transforms.ApplyOnnxModel("latent_mean", "input", _graph).Fit(Data);
        using var zip = new MemoryStream();
        _ml.Model.Save(new TransformerChain<ITransformer>(new Outside(inner)), Data.Schema, zip);
        zip.Position = 0;
        var loaded = Assert.Single((IEnumerable<ITransformer>)_ml.Model.Load(zip, out _));
        Assert.IsType<OnnxTransformer>(loaded);
    }

    [Fact]
    public void ApplyOnnxModel_makes_vectors_with_the_batch_as_an_axis_and_leaves_vectors_of_unknown_size_to_fail_at_the_first_row()
    {
        var transformer = _ml.Transforms.ApplyOnnxModel("latent_mean", "input", _graph).Fit(Data);
        Assert.Equal("Vector<Single, 1, 3>", transformer.Transform(Data).Schema["latent_mean"].Type.ToString());
        var loose = transformer.Transform(_ml.Data.LoadFromEnumerable([new Loose { Values = [1, 2, 3, 4, 5, 6] }]));
        Assert.ThrowsAny<Exception>(() => Rows.Vectors(loose, "latent_mean"));
    }

    [Fact]
    public void Vector_types_are_equal_when_their_dimensions_are()
    {
        Assert.Equal(new VectorDataViewType(NumberDataViewType.Single, 3), new VectorDataViewType(NumberDataViewType.Single, 3));
        Assert.NotEqual(new VectorDataViewType(NumberDataViewType.Single, 3), new VectorDataViewType(NumberDataViewType.Single, 1, 3));
    }

    [Fact]
    public void A_custom_mappings_schema_shape_has_the_columns_kind_and_type()
    {
        using var bundle = LatentBundle.Load(TestBundles.Table);
        SchemaShape? seen = null;
        _ml.Transforms.CopyColumns("Raw", "input")
            .Append(new Probe(shape => seen = shape))
            .Append(new LatentCatalog(_ml).Encode(bundle, "Code", "Raw"))
            .Append(new Probe(shape => seen = shape))
            .Fit(Data);
        var code = Assert.Single(seen!, c => c.Name == "Code");
        Assert.Equal((SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Single, false), (code.Kind, code.ItemType, code.IsKey));
    }

    [Fact]
    public void A_cursor_may_not_be_asked_for_columns_that_are_not_active()
    {
        var data = _ml.Transforms.CopyColumns("Copy", "input").Fit(Data).Transform(Data);
        using var cursor = data.GetRowCursor([data.Schema["input"]]);
        Assert.False(cursor.IsColumnActive(data.Schema["Copy"]));
        Assert.ThrowsAny<Exception>(() => cursor.GetGetter<VBuffer<float>>(data.Schema["Copy"]));
    }

    private sealed class Outside(ITransformer inner) : ITransformer
    {
        public bool IsRowToRowMapper => inner.IsRowToRowMapper;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inner.GetOutputSchema(inputSchema);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => inner.GetRowToRowMapper(inputSchema);

        public void Save(ModelSaveContext ctx) => inner.Save(ctx);

        public IDataView Transform(IDataView input) => inner.Transform(input);
    }

    // An estimator that sees the shape that a chain gives it, since SchemaShape.Create is not public.
    private sealed class Probe(Action<SchemaShape> see) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input) => new MLContext().Transforms.CopyColumns("input", "input").Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema)
        {
            see(inputSchema);
            return inputSchema;
        }
    }

    private sealed class Input
    {
        [VectorType(6), ColumnName("input")]
        public float[] Values { get; set; } = [];
    }

    private sealed class Loose
    {
        [ColumnName("input")]
        public float[] Values { get; set; } = [];
    }
}

using Latent.Tests;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;

namespace Latent.ML.Tests;

public sealed class OnnxTests : IDisposable
{
    private static readonly float[] s_weights = [1, 0, 0, 1, 1, 1];
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"latent-{Guid.NewGuid():N}.onnx");

    public OnnxTests() => File.WriteAllBytes(_file, TinyOnnx.MatMul(3, 2, s_weights));

    public void Dispose() => File.Delete(_file);

    private IDataView Data => _ml.Data
        .LoadFromEnumerable(new[] { new Row { Id = 1, Features = [1, 2, 3] }, new Row { Id = 2, Features = [4, 5, 6] } });

    [Fact]
    public void Named_columns_are_the_graphs_inputs_and_outputs()
    {
        using var model = _ml.Transforms.ApplyOnnxModel("output", "input", _file).Fit(Data);
        var scored = model.Transform(Data);

        Assert.Equal(["Id", "input", "output"], scored.Schema.Select(column => column.Name).Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal("Vector<Single, 1, 2>", scored.Schema["output"].Type.ToString());
        Assert.Equal([[4, 5], [10, 11]], scored.GetColumn<float[]>("output"));
    }

    [Fact]
    public void Without_names_all_outputs_become_columns()
    {
        using var model = _ml.Transforms.ApplyOnnxModel(_file).Fit(Data);
        var scored = model.Transform(Data);

        Assert.Equal([[8, 10], [20, 22]], scored.GetColumn<float[]>("twice"));
        Assert.Equal([1, 2], scored.GetColumn<int>("Id"));
        Assert.Equal(2, scored.GetRowCount());
    }

    [Fact]
    public void A_graph_comes_from_a_stream_too()
    {
        using var stream = new MemoryStream(File.ReadAllBytes(_file));
        using var model = _ml.Transforms.ApplyOnnxModel(["twice"], ["input"], stream).Fit(Data);

        Assert.Equal([[8, 10], [20, 22]], model.Transform(Data).GetColumn<float[]>("twice"));
    }

    [Fact]
    public void Options_name_files_columns_and_threads()
    {
        using var model = _ml.Transforms.ApplyOnnxModel(new OnnxOptions
        {
            ModelFile = _file,
            InputColumns = ["input"],
            OutputColumns = ["twice", "output"],
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
        }).Fit(Data);

        Assert.Equal(["twice", "output"], model.Transform(Data).Schema.Skip(2).Select(column => column.Name));
    }

    [Fact]
    public void Vectors_of_unknown_size_are_accepted_by_the_schema()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Loose { Features = [1, 2, 3] } });
        using var model = _ml.Transforms.ApplyOnnxModel("output", "input", _file).Fit(data);

        // A known shape doesn't divide a size of 0, which stands for unknown, so it passes; the package then fails where rows are scored.
        Assert.Equal("output", model.GetOutputSchema(data.Schema)["output"].Name);
    }

    [Fact]
    public void Columns_that_do_not_fit_are_refused()
    {
        var estimator = _ml.Transforms.ApplyOnnxModel("output", "input", _file);
        var missing = _ml.Data.LoadFromEnumerable(new[] { new Named { Features = [1, 2, 3] } });
        var doubles = _ml.Data.LoadFromEnumerable(new[] { new Doubles { Features = [1, 2, 3] } });
        var shorter = _ml.Data.LoadFromEnumerable(new[] { new Short { Features = [1, 2] } });

        Assert.Contains("input", Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(missing)).Message);
        Assert.Contains("input", Assert.Throws<ArgumentOutOfRangeException>(() => estimator.Fit(doubles)).Message);
        Assert.Contains("input", Assert.Throws<InvalidOperationException>(() =>
            estimator.Fit(Data).GetOutputSchema(shorter.Schema)).Message);
    }

    [Fact]
    public void Names_that_the_graph_does_not_have_are_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.ApplyOnnxModel("nothing", "input", _file));

    [Fact]
    public void A_file_that_is_absent_or_no_graph_is_refused()
    {
        Assert.ThrowsAny<IOException>(() => _ml.Transforms.ApplyOnnxModel(_file + ".absent"));
        File.WriteAllText(_file, "not a graph");
        Assert.Throws<InvalidOperationException>(() => _ml.Transforms.ApplyOnnxModel(_file));
    }

    [Fact]
    public void Outputs_that_no_column_can_be_do_not_matter_where_others_are_named()
    {
        Assert.SkipWhen(World.MLNetIsPackage, "ML.NET refuses the whole graph, whichever outputs are named.");
        File.WriteAllBytes(_file, TinyOnnx.MatMul(3, 2, s_weights, half: "half"));
        using var model = _ml.Transforms.ApplyOnnxModel("output", "input", _file).Fit(Data);

        Assert.Equal([[4, 5], [10, 11]], model.Transform(Data).GetColumn<float[]>("output"));
        Assert.Contains("'half'", Assert.Throws<NotSupportedException>(() => _ml.Transforms.ApplyOnnxModel(_file)).Message);
    }

    [Fact]
    public void Output_shapes_say_vector_and_item_type()
    {
        var shape = _ml.Transforms.ApplyOnnxModel("output", "input", _file)
            .GetOutputSchema(_ml.Transforms.CopyColumns("Other", "Id").GetOutputSchema(ShapeOf(Data)));

        var output = shape.Single(column => column.Name == "output");
        Assert.Equal(SchemaShape.Column.VectorKind.Vector, output.Kind);
        Assert.Equal(NumberDataViewType.Single, output.ItemType);
        Assert.False(output.IsKey);
    }

    [Fact]
    public void Saved_models_carry_the_graph()
    {
        var zip = Path.ChangeExtension(_file, "zip");
        using (var model = _ml.Transforms.ApplyOnnxModel("output", "input", _file).Fit(Data))
            _ml.Model.Save(model, Data.Schema, zip);
        File.Delete(_file);

        var loaded = _ml.Model.Load(zip, out var schema);
        Assert.IsType<OnnxTransformer>(loaded);
        Assert.Equal(["Id", "input"], schema.Select(column => column.Name).Order(StringComparer.OrdinalIgnoreCase));
        Assert.Equal([[4, 5], [10, 11]], loaded.Transform(Data).GetColumn<float[]>("output"));
        ((IDisposable)loaded).Dispose();
        File.Delete(zip);
    }

    [Fact]
    public void A_transformer_of_ones_own_that_hands_on_to_an_ONNX_transformer_is_saved_as_that()
    {
        using var inner = _ml.Transforms.ApplyOnnxModel("output", "input", _file).Fit(Data);
        using var zip = new MemoryStream();
        _ml.Model.Save(new TransformerChain<ITransformer>(new Outside(inner)), Data.Schema, zip);
        zip.Position = 0;

        var loaded = Assert.IsType<TransformerChain<ITransformer>>(_ml.Model.Load(zip, out _));
        Assert.IsType<OnnxTransformer>(Assert.Single(loaded));
        Assert.Equal([[4, 5], [10, 11]], loaded.Transform(Data).GetColumn<float[]>("output"));
    }

    [Fact]
    public void A_prediction_engine_scores_single_rows()
    {
        var model = _ml.Transforms.ApplyOnnxModel("output", "input", _file).Append(_ml.Transforms.CopyColumns("Codes", "output")).Fit(Data);
        using var engine = _ml.Model.CreatePredictionEngine<Row, Codes>(model);
        var reused = new Codes();

        Assert.Equal([4, 5], engine.Predict(new Row { Features = [1, 2, 3] }).Values);
        engine.Predict(new Row { Features = [4, 5, 6] }, ref reused);
        Assert.Equal([10, 11], reused.Values);
        Assert.NotNull(engine.OutputSchema.GetColumnOrNull("Codes"));
    }

    private SchemaShape ShapeOf(IDataView data)
    {
        SchemaShape? shape = null;
        new ShapeProbe(seen => shape = seen).Append(_ml.Transforms.CopyColumns("Copy", "Id")).Fit(data);
        return shape!;
    }

    private sealed class Row
    {
        public int Id { get; set; }

        [VectorType(3)]
        [ColumnName("input")]
        public float[] Features { get; set; } = [];
    }

    private sealed class Codes
    {
        [ColumnName("Codes")]
        public float[] Values { get; set; } = [];
    }

    private sealed class Loose
    {
        [ColumnName("input")]
        public float[] Features { get; set; } = [];
    }

    private sealed class Named
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }

    private sealed class Doubles
    {
        [VectorType(3)]
        [ColumnName("input")]
        public double[] Features { get; set; } = [];
    }

    private sealed class Short
    {
        [VectorType(2)]
        [ColumnName("input")]
        public float[] Features { get; set; } = [];
    }

    private sealed class Outside(OnnxTransformer inner) : ITransformer
    {
        public bool IsRowToRowMapper => true;

        public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inner.GetOutputSchema(inputSchema);

        public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => ((ITransformer)inner).GetRowToRowMapper(inputSchema);

        public IDataView Transform(IDataView input) => inner.Transform(input);

        public void Save(ModelSaveContext ctx) => ((ICanSaveModel)inner).Save(ctx);
    }
}

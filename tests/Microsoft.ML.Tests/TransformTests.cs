using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Latent.ML.Tests;

public class TransformTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Data => _ml.Data.LoadFromEnumerable(new[]
    {
        new Row { A = 1, Pair = [1, 10], Name = "x", Many = [1, 2] },
        new Row { A = 2, Pair = [2, -20], Name = "y", Many = [] },
        new Row { A = 3, Pair = [float.NaN, 0], Name = "x", Many = [3] },
    });

    private string[] Names(IDataView view) => [.. view.Schema.Where(column => !column.IsHidden).Select(column => column.Name)];

    [Fact]
    public void Concatenation_joins_values_and_names_their_slots()
    {
        var joined = _ml.Transforms.Concatenate("All", "A", "Pair").Fit(Data).Transform(Data);
        VBuffer<ReadOnlyMemory<char>> names = default;
        joined.Schema["All"].GetSlotNames(ref names);

        Assert.Equal("Vector<Single, 3>", joined.Schema["All"].Type.ToString());
        Assert.Equal([1, 1, 10], joined.GetColumn<float[]>("All").First());
        Assert.Equal(["A", "", ""], names.DenseValues().Select(name => name.ToString()));
    }

    [Fact]
    public void Concatenation_with_a_vector_of_unknown_size_has_none_either()
    {
        var joined = _ml.Transforms.Concatenate("All", "A", "Many").Fit(Data).Transform(Data);

        Assert.Equal("Vector<Single>", joined.Schema["All"].Type.ToString());
        Assert.Equal([[1, 1, 2], [2], [3, 3]], joined.GetColumn<float[]>("All"));
    }

    [Fact]
    public void Concatenation_of_one_vector_is_that_vector()
    {
        var joined = _ml.Transforms.Concatenate("Pair", "Pair").Fit(Data).Transform(Data);

        Assert.Equal([2, -20], joined.GetColumn<float[]>("Pair").ElementAt(1));
        Assert.Equal(2, joined.Schema.Count(column => column.Name == "Pair"));
        Assert.Equal(1, joined.Schema.Count(column => column.IsHidden));
    }

    [Fact]
    public void Concatenation_refuses_columns_of_different_types()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Concatenate("All", "A", "Name").Fit(Data).Transform(Data));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.Concatenate("All", "A", "Absent").Fit(Data).Transform(Data));
        Assert.Throws<InvalidOperationException>(() =>
            _ml.Transforms.Concatenate("All", "A", "Name").Append(_ml.Transforms.CopyColumns("B", "A")).Fit(Data));
    }

    [Fact]
    public void Copies_have_the_same_values_and_annotations()
    {
        var copied = _ml.Transforms.CopyColumns("Again", "Name").Fit(Data).Transform(Data);

        Assert.Equal(["x", "y", "x"], copied.GetColumn<string>("Again"));
        Assert.Equal(["A", "Pair", "Name", "Many", "Again"], Names(copied));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.CopyColumns("Again", "Absent").Fit(Data));
    }

    [Fact]
    public void Columns_are_selected_and_dropped()
    {
        Assert.Equal(["Name", "A"], Names(_ml.Transforms.SelectColumns("Name", "A").Fit(Data).Transform(Data)));
        Assert.Equal(["Pair", "Many"], Names(_ml.Transforms.DropColumns("Name", "A").Fit(Data).Transform(Data)));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.DropColumns("Absent").Fit(Data));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.SelectColumns("Absent").Fit(Data));
    }

    [Fact]
    public void MinMax_scales_by_the_largest_magnitude_or_into_zero_to_one()
    {
        var fixedZero = _ml.Transforms.NormalizeMinMax("Pair").Fit(Data).Transform(Data);
        var shifted = _ml.Transforms.NormalizeMinMax("Out", "Pair", fixZero: false).Fit(Data).Transform(Data);

        Assert.True(fixedZero.Schema["Pair"].IsNormalized());
        Assert.Equal([0.5f, 0.5f, 1, -1, float.NaN, 0], fixedZero.GetColumn<float[]>("Pair").SelectMany(pair => pair));
        Assert.Equal([0, 1, 1, 0, float.NaN, 2f / 3], shifted.GetColumn<float[]>("Out").SelectMany(pair => pair), Close);
    }

    [Fact]
    public void MeanVariance_divides_by_the_deviation()
    {
        var centered = _ml.Transforms.NormalizeMeanVariance("A", fixZero: false).Fit(Data).Transform(Data);
        var fixedZero = _ml.Transforms.NormalizeMeanVariance("A").Fit(Data).Transform(Data);
        var cdf = _ml.Transforms.NormalizeMeanVariance("A", useCdf: true).Fit(Data).Transform(Data);
        var missing = _ml.Transforms.NormalizeMeanVariance("Pair", useCdf: true).Fit(Data).Transform(Data).GetColumn<float[]>("Pair").Last();
        var deviation = MathF.Sqrt(2f / 3);

        Assert.Equal(0, missing[0]);
        Assert.Equal([-1 / deviation, 0, 1 / deviation], centered.GetColumn<float>("A"), Close);
        Assert.Equal([.. new[] { 1f, 2, 3 }.Select(a => a / MathF.Sqrt(2f / 3 + 4))], fixedZero.GetColumn<float>("A"), Close);
        Assert.Equal([0.11f, 0.5f, 0.89f], cdf.GetColumn<float>("A"), (x, y) => MathF.Abs(x - y) < 0.005f);
    }

    [Fact]
    public void Normalizers_refuse_text_and_unknown_sizes()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.NormalizeMinMax("Name").Fit(Data));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.NormalizeMinMax("Many").Fit(Data));
    }

    [Theory]
    [InlineData(MissingValueReplacingEstimator.ReplacementMode.DefaultValue, 0)]
    [InlineData(MissingValueReplacingEstimator.ReplacementMode.Mean, 1.5f)]
    [InlineData(MissingValueReplacingEstimator.ReplacementMode.Minimum, 1)]
    [InlineData(MissingValueReplacingEstimator.ReplacementMode.Maximum, 2)]
    public void Missing_values_are_replaced_slot_by_slot(MissingValueReplacingEstimator.ReplacementMode mode, float expected)
    {
        var whole = _ml.Transforms.ReplaceMissingValues("Pair", replacementMode: mode).Fit(Data).Transform(Data);

        Assert.Equal(expected, whole.GetColumn<float[]>("Pair").Last()[0]);
        Assert.Equal([1, 10], whole.GetColumn<float[]>("Pair").First());
    }

    [Fact]
    public void Values_become_keys_and_values_again()
    {
        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Key", "Name")
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Value", "Key"));
        var mapped = pipeline.Fit(Data).Transform(Data);
        VBuffer<ReadOnlyMemory<char>> values = default;
        mapped.Schema["Key"].GetKeyValues(ref values);

        Assert.Equal(new KeyDataViewType(typeof(uint), 2), mapped.Schema["Key"].Type);
        Assert.Equal([1u, 2, 1], mapped.GetColumn<uint>("Key"));
        Assert.Equal(["x", "y", "x"], mapped.GetColumn<string>("Value"));
        Assert.Equal(["x", "y"], values.DenseValues().Select(value => value.ToString()));
        Assert.True(mapped.Schema["Key"].HasKeyValues());
    }

    [Fact]
    public void Keys_are_ordered_by_value_where_so_asked()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Text { Name = "c" }, new Text { Name = "a" }, new Text { Name = "" } });
        var mapped = _ml.Transforms.Conversion
            .MapValueToKey("Key", "Name", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue).Fit(data).Transform(data);

        Assert.Equal([2u, 1, 0], mapped.GetColumn<uint>("Key"));
    }

    [Fact]
    public void Values_that_were_not_seen_have_no_key()
    {
        var model = _ml.Transforms.Conversion.MapValueToKey("Key", "Name").Fit(Data);
        var other = _ml.Data.LoadFromEnumerable(new[] { new Text { Name = "z" }, new Text { Name = "y" } });

        Assert.Equal([0u, 2], model.Transform(other).GetColumn<uint>("Key"));
    }

    [Fact]
    public void Types_are_converted()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Mixed { Whole = 3, Flag = true, Text = "2.5", Real = 7.9, Bytes = [1, 255] } });

        Assert.Equal([3f], Convert<float>("Whole", DataKind.Single));
        Assert.Equal([1f], Convert<float>("Flag", DataKind.Single));
        Assert.Equal([2.5f], Convert<float>("Text", DataKind.Single));
        Assert.Equal([7.9f], Convert<float>("Real", DataKind.Single));
        Assert.Equal([3L], Convert<long>("Whole", DataKind.Int64));
        Assert.Throws<ArgumentOutOfRangeException>(() => Convert<int>("Real", DataKind.Int32));
        Assert.Throws<ArgumentOutOfRangeException>(() => Convert<uint>("Whole", DataKind.UInt32));
        Assert.Equal([1, 255], Convert<float[]>("Bytes", DataKind.Single).Single());
        Assert.Equal(["3"], Convert<string>("Whole", DataKind.String));

        IEnumerable<T> Convert<T>(string name, DataKind kind) =>
            _ml.Transforms.Conversion.ConvertType("Out", name, kind).Fit(data).Transform(data).GetColumn<T>("Out");
    }

    [Fact]
    public void A_custom_mapping_is_called_once_a_row()
    {
        var calls = 0;
        var model = _ml.Transforms.CustomMapping<Row, Sums>((row, sums) =>
        {
            calls++;
            sums.Sum = row.A + row.Pair[1];
            sums.Label = row.Name + row.Name;
        }, contractName: null).Fit(Data);
        var mapped = model.Transform(Data);
        Assert.Equal(0, calls);
        var rows = _ml.Data.CreateEnumerable<Sums>(mapped, reuseRowObject: false).ToArray();

        Assert.Equal([11, -18, 3], rows.Select(row => row.Sum));
        Assert.Equal(["xx", "yy", "xx"], rows.Select(row => row.Label));
        Assert.Equal(3, calls);
        Assert.Throws<InvalidOperationException>(() => _ml.Model.Save(model, Data.Schema, Stream.Null));
    }

    [Fact]
    public void A_custom_mapping_with_a_factory_is_saved_by_its_contract()
    {
        var model = _ml.Transforms.CustomMapping(new Doubling().GetMapping(), "Doubling").Fit(Data);
        var loaded = SaveAndLoad(model);

        Assert.Equal([2, 4, 6], loaded.Transform(Data).GetColumn<float>("Twice"));
    }

    [Fact]
    public void Whole_pipelines_are_saved_and_loaded()
    {
        var pipeline = _ml.Transforms.ReplaceMissingValues("Pair", replacementMode: MissingValueReplacingEstimator.ReplacementMode.Mean)
            .Append(_ml.Transforms.NormalizeMinMax("Scaled", "Pair"))
            .Append(_ml.Transforms.NormalizeMeanVariance("Standard", "A", useCdf: true))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Key", "Name"))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Value", "Key"))
            .Append(_ml.Transforms.Conversion.ConvertType("Double", "A", DataKind.Double))
            .Append(_ml.Transforms.Concatenate("All", "Scaled", "Standard"))
            .AppendCacheCheckpoint(_ml)
            .Append(_ml.Transforms.CopyColumns("Copy", "Double"))
            .Append(_ml.Transforms.SelectColumns("All", "Value", "Copy"));
        var model = pipeline.Fit(Data);
        var loaded = SaveAndLoad(model);
        var (before, after) = (model.Transform(Data), loaded.Transform(Data));

        Assert.Equal(Names(before), Names(after));
        Assert.Equal(before.GetColumn<float[]>("All"), after.GetColumn<float[]>("All"));
        Assert.Equal(before.GetColumn<string>("Value"), after.GetColumn<string>("Value"));
        Assert.Equal([1.0, 2, 3], after.GetColumn<double>("Copy"));
    }

    [Fact]
    public void Chains_know_their_steps_and_scopes()
    {
        var estimators = _ml.Transforms.CopyColumns("B", "A").Append(_ml.Transforms.CopyColumns("C", "B"), TransformerScope.TrainTest);
        var chain = estimators.Fit(Data);

        Assert.Equal(2, chain.Count());
        Assert.IsType<ColumnCopyingTransformer>(chain.LastTransformer);
        Assert.Null(chain.Transform(Data).Schema.GetColumnOrNull("C"));
        Assert.NotNull(chain.Transform(Data, TransformerScope.Training).Schema.GetColumnOrNull("C"));
        Assert.Single(chain.GetModelFor(TransformerScope.Scoring));
        Assert.True(((ITransformer)chain).IsRowToRowMapper);
        Assert.Equal(3, chain.Append(chain.LastTransformer).Count());
    }

    [Fact]
    public void Fitting_tells_who_asks()
    {
        ColumnCopyingTransformer? seen = null;
        var chain = _ml.Transforms.CopyColumns("B", "A").WithOnFitDelegate(fitted => seen = fitted)
            .Append(_ml.Transforms.CopyColumns("C", "B")).Fit(Data);

        Assert.Same(chain.First(), seen);
    }

    [Fact]
    public void A_mapper_says_what_it_needs_and_maps_single_rows()
    {
        var data = Data;
        ITransformer model = _ml.Transforms.CopyColumns("B", "A").Append(_ml.Transforms.Concatenate("All", "B", "Pair")).Fit(data);
        var mapper = model.GetRowToRowMapper(data.Schema);
        var all = mapper.OutputSchema["All"];

        Assert.Equal(["A", "Pair"], mapper.GetDependencies([all]).Select(column => column.Name).Order());
        using var other = Data.GetRowCursor(Data.Schema);
        Assert.Throws<ArgumentOutOfRangeException>(() => mapper.GetRow(other, [all]));
        using var cursor = data.GetRowCursor(data.Schema);
        using var row = mapper.GetRow(cursor, [all]);
        var getter = row.GetGetter<VBuffer<float>>(all);
        VBuffer<float> value = default;
        Assert.True(cursor.MoveNext());
        getter(ref value);
        Assert.Equal([1, 1, 10], value.DenseValues());
    }

    [Fact]
    public void Annotations_of_slots_survive_in_a_saved_schema()
    {
        var joined = _ml.Transforms.Concatenate("All", "A", "A").Fit(Data).Transform(Data);
        using var zip = new MemoryStream();
        _ml.Model.Save(_ml.Transforms.CopyColumns("B", "All").Fit(joined), joined.Schema, zip);
        zip.Position = 0;
        _ml.Model.Load(zip, out var schema);

        Assert.True(schema["All"].HasSlotNames());
        Assert.Equal(joined.Schema.Select(column => column.Type), schema.Select(column => column.Type));
    }

    private static bool Close(float x, float y) => (float.IsNaN(x) && float.IsNaN(y)) || MathF.Abs(x - y) < 1e-5f;

    private ITransformer SaveAndLoad(ITransformer model)
    {
        using var zip = new MemoryStream();
        _ml.Model.Save(model, Data.Schema, zip);
        zip.Position = 0;
        return _ml.Model.Load(zip, out _);
    }

    private sealed class Row
    {
        public float A { get; set; }

        [VectorType(2)]
        public float[] Pair { get; set; } = [];

        public string Name { get; set; } = "";

        public float[] Many { get; set; } = [];
    }

    private sealed class Text
    {
        public string Name { get; set; } = "";
    }

    private sealed class Mixed
    {
        public int Whole { get; set; }

        public bool Flag { get; set; }

        public string Text { get; set; } = "";

        public double Real { get; set; }

        [VectorType(2)]
        public byte[] Bytes { get; set; } = [];
    }

    private sealed class Sums
    {
        public float Sum { get; set; }

        public string Label { get; set; } = "";
    }

    public sealed class OneNumber
    {
        public float A { get; set; }
    }

    public sealed class TwiceNumber
    {
        public float Twice { get; set; }
    }

    [CustomMappingFactoryAttribute("Doubling")]
    public sealed class Doubling : CustomMappingFactory<OneNumber, TwiceNumber>
    {
        public override Action<OneNumber, TwiceNumber> GetMapping() => (source, destination) => destination.Twice = 2 * source.A;
    }
}

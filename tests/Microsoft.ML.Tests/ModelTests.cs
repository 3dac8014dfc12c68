using Latent.Tests;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.ML.Tests;

public sealed class ModelTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("latent-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private IDataView Data => _ml.Data.LoadFromEnumerable(new[]
    {
        new Row { Name = "b", Time = new(2020, 1, 2, 3, 4, 5, 678), Moment = new(2020, 1, 2, 3, 4, 5, 678, TimeSpan.FromHours(2)), Span = new(1, 2, 3, 4, 567) },
        new Row { Name = "a", Time = new(2020, 1, 2, 3, 4, 5, 679), Moment = new(2020, 1, 2, 3, 4, 5, 679, TimeSpan.FromHours(2)), Span = new(1, 2, 3, 4, 568) },
    });

    [Fact]
    public void Keys_of_dates_and_times_are_saved_to_the_last_fraction()
    {
        var (data, other) = (Data, Data);
        Assert.Equal(data.GetColumn<DateTime>("Time"), KeysAndBack<DateTime>("Time"));
        Assert.Equal(data.GetColumn<DateTimeOffset>("Moment"), KeysAndBack<DateTimeOffset>("Moment"));
        Assert.Equal(data.GetColumn<TimeSpan>("Span"), KeysAndBack<TimeSpan>("Span"));

        IEnumerable<T> KeysAndBack<T>(string column)
        {
            var model = _ml.Transforms.Conversion.MapValueToKey("Key", column)
                .Append(_ml.Transforms.Conversion.MapKeyToValue("Value", "Key")).Fit(data);
            return SaveAndLoad(model, data.Schema, out _).Transform(other).GetColumn<T>("Value");
        }
    }

    [Fact]
    public void A_saved_schema_has_the_values_that_keys_stand_for()
    {
        var keyed = _ml.Transforms.Conversion.MapValueToKey([new("Key", "Name"), new("Day", "Moment")]).Fit(Data).Transform(Data);
        SaveAndLoad(_ml.Transforms.CopyColumns("Copy", "Name").Fit(keyed), keyed.Schema, out var schema);
        VBuffer<ReadOnlyMemory<char>> names = default;
        schema["Key"].GetKeyValues(ref names);
        VBuffer<DateTimeOffset> days = default;
        schema["Day"].GetKeyValues(ref days);

        Assert.Equal(["b", "a"], names.DenseValues().Select(name => name.ToString()));
        Assert.Equal(Data.GetColumn<DateTimeOffset>("Moment"), days.DenseValues());
    }

    [Fact]
    public void A_saved_schema_has_its_columns_annotations()
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new Row { Pair = [i, i % 3] }));
        var scored = _ml.Transforms.NormalizeMinMax("Scaled", "Pair").Append(_ml.Clustering.Trainers.KMeans("Pair", numberOfClusters: 2))
            .Fit(data).Transform(data);
        SaveAndLoad(_ml.Transforms.CopyColumns("Copy", "Name").Fit(scored), scored.Schema, out var schema);
        ReadOnlyMemory<char> kind = default;
        schema["Score"].Annotations.GetValue("ScoreColumnKind", ref kind);

        Assert.True(schema["Scaled"].IsNormalized());
        Assert.False(schema["Pair"].IsNormalized());
        Assert.Equal("Clustering", kind.ToString());
    }

    [Fact]
    public void Columns_that_cannot_be_saved_are_left_out_of_a_saved_schema()
    {
        var pictures = _ml.Transforms.LoadImages("Picture", _folder, "Name").Fit(Data).Transform(Data);
        SaveAndLoad(_ml.Transforms.CopyColumns("Copy", "Name").Fit(pictures), pictures.Schema, out var schema);

        Assert.Equal(Data.Schema.Select(column => column.Name), schema.Select(column => column.Name));
    }

    [Fact]
    public void A_model_that_cannot_be_saved_leaves_the_file_as_it_was()
    {
        var path = Path.Combine(_folder, "model.zip");
        _ml.Model.Save(_ml.Transforms.CopyColumns("Copy", "Name").Fit(Data), Data.Schema, path);
        var unnamed = _ml.Transforms.CustomMapping<Row, Copy>((row, copy) => copy.Again = row.Name, contractName: null).Fit(Data);

        Assert.Throws<InvalidOperationException>(() => _ml.Model.Save(unnamed, Data.Schema, path));
        if (!World.MLNetIsPackage)
            Assert.Equal(["b", "a"], _ml.Model.Load(path, out _).Transform(Data).GetColumn<string>("Copy"));
    }

    private ITransformer SaveAndLoad(ITransformer model, DataViewSchema saved, out DataViewSchema schema)
    {
        using var zip = new MemoryStream();
        _ml.Model.Save(model, saved, zip);
        zip.Position = 0;
        return _ml.Model.Load(zip, out schema);
    }

    private sealed class Row
    {
        public string Name { get; set; } = "";

        public DateTime Time { get; set; }

        public DateTimeOffset Moment { get; set; }

        public TimeSpan Span { get; set; }

        [VectorType(2)]
        public float[] Pair { get; set; } = [1, 2];
    }

    private sealed class Copy
    {
        public string Again { get; set; } = "";
    }
}

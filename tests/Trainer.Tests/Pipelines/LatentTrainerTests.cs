using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Trainer.Engines;
using Latent.Trainer.Runs;
using Latent.Trainer.Tests.Helpers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Trainer.Tests.Pipelines;

public sealed class LatentTrainerTests : IDisposable
{
    private static readonly Recipe s_recipe = RecipeFile.Parse(
        """
        {
          "name": "tiny-table", "kind": "autoencoder",
          "data": { "source": "csv", "scaling": "standard" },
          "encoder": [ { "type": "linear", "out": 8 }, { "type": "tanh" } ],
          "latent": { "dimension": 2 },
          "decoder": [ { "type": "linear", "out": 4 } ],
          "objective": { "reconstruction": "meanSquaredError" },
          "training": { "epochs": 3, "batchSize": 16 }
        }
        """,
        "a test"
    );

    private readonly TemporaryFolder _folder = new();
    private readonly RecordingDisplay _display = new();
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(EngineKind.Auto)]
    [InlineData(EngineKind.Managed)]
    public void Fit_trains_a_bundle_and_its_transformer_gives_the_bundles_codes_in_a_pipeline(EngineKind engine)
    {
        var random = new Random(2);
        var data = Data([.. Enumerable.Range(0, 200).Select(_ => Enumerable.Range(0, 4).Select(_ => random.NextSingle()).ToArray())]);
        var pipeline = _ml.Latent().Train(Options(engine: engine)).Append(_ml.Clustering.Trainers.KMeans("Code", numberOfClusters: 2));
        var shape = _ml.Transforms.CustomMapping<Nothing, Row>((_, _) => { }, null).GetOutputSchema(new SchemaShape([]));
        Assert.Contains(pipeline.GetOutputSchema(shape), c => c.Name == "PredictedLabel");
        var clustered = pipeline.Fit(data).Transform(data);
        using var bundle = LatentBundle.Load(_folder.File("bundle"));
        var encoded = _ml.Latent().Encode(bundle).Fit(data).Transform(data);
        Assert.Equal(200, clustered.GetColumn<uint>("PredictedLabel").Count());
        Assert.Equal(encoded.GetColumn<float[]>("Code"), clustered.GetColumn<float[]>("Code"));
        Assert.Equal(3, bundle.Manifest.Metrics["epochs"]);
        Assert.Equal(engine == EngineKind.Managed ? "Latent's managed engine 0.1.0" : Engine.Name, bundle.Manifest.Engine);
        Assert.Equal(3, _display.Epochs.Count);
    }

    [Fact]
    public void What_cannot_be_learned_is_refused_by_column_and_row()
    {
        Refuses("column 'Features', whose value in row 1 has 3 values; those before it have 4", Data([new float[4], new float[3]]));
        Refuses("in row 1 that is not finite", Data([new float[4], [0, 0, float.NaN, 0]]));
        Refuses("holds no values", Data([]));
        Refuses(
            "as a table, which data.mirror can't turn",
            Data([new float[4]]),
            s_recipe with
            {
                Data = s_recipe.Data with { Mirror = true },
            }
        );
        Refuses(
            "filter the rows before, and leave data.trainOnLabel out",
            Data([new float[4]]),
            s_recipe with
            {
                Data = s_recipe.Data with { TrainOnLabel = "0" },
            }
        );
        Refuses("column 'Features', which the data must have", _ml.Data.LoadFromEnumerable([new { Other = 1f }]));
    }

    private void Refuses(string what, IDataView data, Recipe? recipe = null) =>
        Assert.Contains(what, Assert.Throws<LatentException>(() => _ml.Latent().Train(Options(recipe)).Fit(data)).Message);

    private TrainOptions Options(Recipe? recipe = null, EngineKind engine = EngineKind.Auto) =>
        new()
        {
            Recipe = recipe ?? s_recipe,
            Run = new RunOptions { Output = _folder.File("bundle"), Display = _display },
            Engine = engine,
        };

    private IDataView Data(float[][] rows) => _ml.Data.LoadFromEnumerable(rows.Select(r => new Row { Features = r }));

    private sealed class Nothing;

    private sealed class Row
    {
        public float[] Features { get; set; } = [];
    }
}

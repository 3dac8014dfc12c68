using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Tests;

public sealed class PredictionEngineTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly LatentBundle _bundle = LatentBundle.Load(TestBundles.Table);

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void An_engine_gives_what_batches_give()
    {
        var rows = Rows.Table(12);
        var data = _ml.Data.LoadFromEnumerable(TableRow.From(rows));
        var model = _ml
            .Transforms.CopyColumns("Raw", "Features")
            .Append(_ml.Latent().Encode(_bundle, "Code", "Raw"))
            .Append(_ml.Latent().Score(_bundle))
            .Fit(data);
        using var engine = _ml.Model.CreatePredictionEngine<TableRow, Result>(model);
        var codes = Rows.Raw(TestBundles.Table, "encoder", "latent_mean", rows, 1);
        var batched = Rows.Scalars(model.Transform(data), "Score");
        for (var i = 0; i < rows.Length; i++)
        {
            var result = engine.Predict(new TableRow { Features = rows[i], Name = $"{i}" });
            Assert.Equal(codes[i], result.Code);
            Assert.Equal(batched[i], result.Score, 1e-5f * Math.Max(1, batched[i]));
            Assert.Equal($"{i}", result.Name);
        }
    }

    [Fact]
    public void A_transformer_alone_makes_an_engine()
    {
        var data = _ml.Data.LoadFromEnumerable(TableRow.From(Rows.Table(1)));
        using var engine = _ml.Model.CreatePredictionEngine<TableRow, Score>(_ml.Latent().Score(_bundle).Fit(data));
        var row = Rows.Table(2)[1];
        var expected =
            Rows.Raw(TestBundles.Table, "autoencoder", "reconstruction_error", [row])[0][0]
            + Rows.Raw(TestBundles.Table, "autoencoder", "kl", [row])[0][0];
        Assert.Equal(expected, engine.Predict(new TableRow { Features = row }).Value, 1e-5f * Math.Max(1, expected));
    }

    private sealed class Result
    {
        public string Name { get; set; } = "";

        public float[] Code { get; set; } = [];

        public float Score { get; set; }
    }

    private sealed class Score
    {
        [ColumnName("Score")]
        public float Value { get; set; }
    }
}

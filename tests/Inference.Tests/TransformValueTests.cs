using Latent.Contracts;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Tests;

public sealed class TransformValueTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly LatentBundle _bundle = LatentBundle.Load(TestBundles.Table);
    private readonly float[][] _rows = Rows.Table(70);

    public void Dispose() => _bundle.Dispose();

    private IDataView Data => _ml.Data.LoadFromEnumerable(TableRow.From(_rows));

    private IDataView Apply(IEstimator<ITransformer> estimator) => estimator.Fit(Data).Transform(Data);

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(70)]
    [InlineData(256)]
    public void Encode_gives_the_very_bits_of_a_raw_run_of_the_same_batch(int batch)
    {
        var encoded = Apply(_ml.Latent().Encode(_bundle, new EncodeOptions { LogVarianceColumn = "Spread", BatchSize = batch }));
        Assert.Equal(Rows.Raw(TestBundles.Table, "encoder", TensorNames.LatentMean, _rows, batch), Rows.Vectors(encoded, "Code"));
        Assert.Equal(Rows.Raw(TestBundles.Table, "encoder", TensorNames.LatentLogVariance, _rows, batch), Rows.Vectors(encoded, "Spread"));
    }

    [Fact]
    public void Values_agree_across_batch_sizes()
    {
        var whole = Rows.Vectors(Apply(_ml.Latent().Reconstruct(_bundle)), "Reconstruction");
        foreach (var batch in (int[])[1, 3, 64])
        {
            var part = Rows.Vectors(
                Apply(_ml.Latent().Reconstruct(_bundle, new ReconstructOptions { BatchSize = batch })),
                "Reconstruction"
            );
            AssertClose(whole, part, 1e-5);
        }
    }

    [Fact]
    public void Reconstruct_and_Denoise_give_the_graphs_output()
    {
        var expected = Rows.Raw(TestBundles.Table, "autoencoder", TensorNames.Output, _rows);
        Assert.Equal(expected, Rows.Vectors(Apply(_ml.Latent().Reconstruct(_bundle)), "Reconstruction"));
        Assert.Equal(expected, Rows.Vectors(Apply(_ml.Latent().Denoise(_bundle)), "Denoised"));
    }

    [Fact]
    public void Decode_gives_the_decoders_output()
    {
        var codes = Rows.Codes(9, 3);
        var definition = SchemaDefinition.Create(typeof(CodeOnly));
        definition["Code"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3);
        var data = _ml.Data.LoadFromEnumerable(codes.Select(c => new CodeOnly { Code = c }), definition);
        var decoded = _ml.Latent().Decode(_bundle).Fit(data).Transform(data);
        Assert.Equal(Rows.Raw(TestBundles.Table, "decoder", TensorNames.Output, codes), Rows.Vectors(decoded, "Output"));
    }

    [Fact]
    public void Score_is_the_reconstruction_error_and_the_KL_together()
    {
        var scored = Apply(
            _ml.Latent()
                .Score(
                    _bundle,
                    new ScoreOptions
                    {
                        ReconstructionErrorColumn = "Error",
                        KlColumn = "Kl",
                        FeatureErrorsColumn = "Features errors",
                    }
                )
        );
        var error = Rows.Raw(TestBundles.Table, "autoencoder", TensorNames.ReconstructionError, _rows).Select(r => r[0]).ToArray();
        var kl = Rows.Raw(TestBundles.Table, "autoencoder", TensorNames.Kl, _rows).Select(r => r[0]).ToArray();
        Assert.Equal(error, Rows.Scalars(scored, "Error"));
        Assert.Equal(kl, Rows.Scalars(scored, "Kl"));
        Assert.Equal(error.Zip(kl, (e, k) => e + k), Rows.Scalars(scored, "Score"));
        var output = Rows.Raw(TestBundles.Table, "autoencoder", TensorNames.Output, _rows);
        Assert.Equal(output.Zip(_rows, (o, r) => o.Zip(r, (a, b) => (b - a) * (b - a)).ToArray()), Rows.Vectors(scored, "Features errors"));
    }

    [Fact]
    public void A_plain_autoencoders_score_is_its_reconstruction_error()
    {
        using var bundle = LatentBundle.Load(TestBundles.Colour);
        var rows = Rows.Colours(5);
        var definition = SchemaDefinition.Create(typeof(CodeOnly));
        definition["Code"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 3, 8, 8);
        var data = _ml.Data.LoadFromEnumerable(rows.Select(r => new CodeOnly { Code = r }), definition);
        var scored = _ml.Latent().Score(bundle, inputColumnName: "Code").Fit(data).Transform(data);
        Assert.Equal(
            Rows.Raw(TestBundles.Colour, "autoencoder", TensorNames.ReconstructionError, rows).Select(r => r[0]),
            Rows.Scalars(scored, "Score")
        );
        Assert.Throws<LatentException>(() => _ml.Latent().Score(bundle, new ScoreOptions { KlColumn = "Kl" }));
        Assert.Throws<LatentException>(() => _ml.Latent().Sample(bundle));
        Assert.Throws<LatentException>(() => _ml.Latent().Generate(bundle));
        Assert.Throws<LatentException>(() => _ml.Latent().Encode(bundle, new EncodeOptions { LogVarianceColumn = "Spread" }));
    }

    [Fact]
    public void Transforms_of_one_column_that_follow_each_other_are_one_view()
    {
        var chain = _ml.Latent().Encode(_bundle).Append(_ml.Latent().Reconstruct(_bundle)).Append(_ml.Latent().Score(_bundle));
        var data = Apply(chain);
        Assert.Equal(["Features", "Name", "Code", "Reconstruction", "Score"], data.Schema.Select(c => c.Name));
        Assert.Equal(Rows.Raw(TestBundles.Table, "autoencoder", TensorNames.Output, _rows), Rows.Vectors(data, "Reconstruction"));
        AssertClose(Rows.Raw(TestBundles.Table, "encoder", TensorNames.LatentMean, _rows), Rows.Vectors(data, "Code"), 1e-6);
        using var cursor = data.GetRowCursor(data.Schema);
        Assert.True(cursor.MoveNext());
        Assert.Equal(0, cursor.Position);
    }

    private static void AssertClose(float[][] expected, float[][] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        foreach (var (e, a) in expected.SelectMany(r => r).Zip(actual.SelectMany(r => r)))
            Assert.True(Math.Abs(e - a) <= tolerance * Math.Max(1, Math.Abs(e)), $"{e} against {a}");
    }

    private sealed class CodeOnly
    {
        public float[] Code { get; set; } = [];
    }
}

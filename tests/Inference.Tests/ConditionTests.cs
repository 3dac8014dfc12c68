using Latent.Contracts;
using Latent.Contracts.Bundles;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Tests;

/// <summary>Bundles whose rows are conditioned on labels.</summary>
public sealed class ConditionTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly LatentBundle _bundle = LatentBundle.Load(TestBundles.Labelled);

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void Rows_are_drawn_with_the_label_asked_for_or_each_in_turn()
    {
        var dark = Rows.Vectors(_ml.Latent().Generate(_bundle, new GenerateOptions { Count = 20, Label = "dark" }), "Output");
        var light = Rows.Vectors(_ml.Latent().Generate(_bundle, new GenerateOptions { Count = 20, Label = "light" }), "Output");
        Assert.InRange(dark.Average(row => row.Average()), 50, 120);
        Assert.InRange(light.Average(row => row.Average()), 150, 220);
        Assert.All(dark.Zip(light), pair => Assert.True(pair.First.Average() + 20 < pair.Second.Average()));
        var both = _ml.Latent().Generate(_bundle, 20);
        Assert.Equal(["dark", "light"], both.GetColumn<string>("Label").Take(2));
        var drawn = Rows.Vectors(both, "Output");
        Assert.Equal(dark[4], drawn[4]);
        Assert.Equal(light[5], drawn[5]);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("key")]
    public void Codes_and_scores_take_the_label_of_each_row(string kind)
    {
        var data = Data("dark", "light", "dark");
        if (kind == "key")
            data = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        var pipeline = _ml.Latent()
            .Encode(_bundle, "Code", "Pixels")
            .Append(_ml.Latent().Score(_bundle, "Score", "Pixels"))
            .Append(_ml.Latent().Reconstruct(_bundle, "Again", "Pixels"))
            .Append(_ml.Latent().Decode(_bundle, "Decoded", "Code"));
        var result = pipeline.Fit(data).Transform(data);
        var (codes, again) = (Rows.Vectors(result, "Code"), Rows.Vectors(result, "Again"));
        foreach (var (decoded, reconstructed) in Rows.Vectors(result, "Decoded").Zip(again))
            Assert.All(decoded.Zip(reconstructed), pair => Assert.Equal(pair.First, pair.Second, 1e-3f));
        Assert.Equal(codes[0], codes[2]);
        Assert.NotEqual(codes[0], codes[1]);
        // The pixels are dark: with the other label they are unlikely.
        var scores = result.GetColumn<float>("Score").ToArray();
        Assert.True(scores[1] > scores[0]);
        using var runner = new GraphRunner(_bundle, BundleRole.Encoder, 2, TensorNames.LatentMean);
        Assert.Equal(65, runner.InputLength);
        for (var row = 0; row < 2; row++)
        {
            Pixels.CopyTo(runner.InputRow(row));
            runner.InputRow(row)[64] = row;
        }

        runner.Run(2);
        Assert.All(codes[1].Zip(runner.Output(0, 1).ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
        runner.InputRow(0)[64] = 2;
        Assert.Equal(
            "The label of row 0 of the batch is 2; it must be an index from 0 to 1.",
            Assert.Throws<LatentException>(() => runner.Run(1)).Message
        );
    }

    [Fact]
    public void A_prediction_engine_takes_a_label()
    {
        var data = Data("dark");
        var model = _ml.Latent().Encode(_bundle, "Code", "Pixels").Fit(data);
        using var engine = _ml.Model.CreatePredictionEngine<Row, Coded>(model);
        var code = engine.Predict(new Row { Pixels = Pixels, Label = "light" }).Code;
        Assert.Equal(Rows.Vectors(model.Transform(Data("light")), "Code")[0], code);
    }

    [Fact]
    public void What_has_no_known_label_is_refused()
    {
        using var other = LatentBundle.Load(TestBundles.Pixels);
        var encode = _ml.Latent().Encode(_bundle, "Code", "Pixels");
        Refuses(
            "Encode reads column 'Label', which has the label 'grey' in row 1; it must be one of dark, light.",
            () => Rows.Vectors(encode.Fit(Data("dark", "grey")).Transform(Data("dark", "grey")), "Code")
        );
        Refuses(
            "Encode reads column 'Label', which has no label in row 0; it must be one of dark, light.",
            () => Rows.Vectors(encode.Fit(Data("")).Transform(Data("")), "Code")
        );
        Refuses(
            "Label is 'grey', which labelled-vae does not know; it must be one of dark, light.",
            () => _ml.Latent().Generate(_bundle, new GenerateOptions { Label = "grey" })
        );
        Refuses(
            "The rows of labelled-vae are conditioned on labels; Label must be one of dark, light.",
            () => _ml.Latent().Interpolate(_bundle, [0, 0, 0], [1, 1, 1])
        );
        Refuses(
            "The rows of pixels-vae are not conditioned on labels; Label must be left alone.",
            () => _ml.Latent().Generate(other, new GenerateOptions { Label = "dark" })
        );
        var path = Path.Combine(TestBundles.TempFolder(), "model.zip");
        var model = encode.Fit(Data("dark"));
        var saved = "its rows are conditioned on labels, which saved models do not read; load the bundle with LatentBundle.Load instead.";
        Refuses($"Encode cannot be saved: {saved}", () => _ml.Latent().Save(model, null, path));
        Refuses($"Encode cannot be saved for plain ML.NET: {saved}", () => _ml.Model.Save(model, null, path));

        void Refuses(string message, Action action) =>
            Assert.Equal(
                message.Replace("labelled-vae", _bundle.Name).Replace("pixels-vae", other.Name),
                Assert.Throws<LatentException>(action).Message
            );
    }

    private static float[] Pixels => [.. Enumerable.Range(0, 64).Select(i => 60f + (i % 5))];

    private IDataView Data(params string[] labels)
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition[nameof(Row.Pixels)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 64);
        return _ml.Data.LoadFromEnumerable(labels.Select(label => new Row { Pixels = Pixels, Label = label }), definition);
    }

    private sealed class Row
    {
        [VectorType(64)]
        public float[] Pixels { get; set; } = [];

        public string Label { get; set; } = "";
    }

    private sealed class Coded
    {
        public float[] Code { get; set; } = [];
    }
}

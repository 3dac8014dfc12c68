using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Latent.Contracts;
using Microsoft.ML;

namespace Latent.Tests;

public sealed class SaveAndLoadTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly LatentBundle _bundle = LatentBundle.Load(TestBundles.Table);
    private readonly float[][] _rows = Rows.Table(23);
    private readonly string _file = Path.Combine(TestBundles.TempFolder(), "model.zip");

    public void Dispose() => _bundle.Dispose();

    private IDataView Data => _ml.Data.LoadFromEnumerable(TableRow.From(_rows));

    private ITransformer Save(IEstimator<ITransformer> estimator)
    {
        var model = estimator.Fit(Data);
        _ml.Model.Save(model, Data.Schema, _file);
        return model;
    }

    [Theory]
    [InlineData("Code")]
    [InlineData("latent_mean")]
    [InlineData("input")]
    [InlineData("h1")]
    public void A_saved_encoder_gives_the_same_values_in_a_process_without_Latent(string column)
    {
        var model = Save(_ml.Latent().Encode(_bundle, column));
        var expected = Rows.Vectors(model.Transform(Data), column);
        AssertClose(expected, PlainValues(column));
    }

    [Theory]
    [InlineData("Score")]
    [InlineData("Error")]
    [InlineData("Kl")]
    public void A_saved_score_gives_the_same_values_in_a_process_without_Latent(string column)
    {
        var model = Save(_ml.Latent().Score(_bundle, new ScoreOptions { ReconstructionErrorColumn = "Error", KlColumn = "Kl", FeatureErrorsColumn = "Each" }));
        var data = model.Transform(Data);
        AssertClose([.. Rows.Scalars(data, column).Select(v => new[] { v })], PlainValues(column));
        AssertClose(Rows.Vectors(data, "Each"), PlainValues("Each"));
    }

    [Fact]
    public void A_saved_chain_with_stock_transforms_gives_the_same_values_in_a_process_without_Latent()
    {
        var chain = _ml.Transforms.CopyColumns("Raw", "Features").Append(_ml.Latent().Reconstruct(_bundle, "Back", "Raw"))
            .Append(_ml.Transforms.CopyColumns("Last", "Back"));
        var model = Save(chain);
        AssertClose(Rows.Vectors(model.Transform(Data), "Last"), PlainValues("Last"));
    }

    [Fact]
    public void Load_gives_the_batching_transformers_back_in_their_places()
    {
        var chain = _ml.Transforms.CopyColumns("Raw", "Features")
            .Append(_ml.Latent().Encode(_bundle, new EncodeOptions { InputColumn = "Raw", LogVarianceColumn = "Spread" }))
            .Append(_ml.Latent().Decode(_bundle, "Back", "Code"))
            .Append(_ml.Latent().Score(_bundle));
        var saved = Save(chain).Transform(Data);
        var loaded = _ml.Latent().Load(_file, out var schema);
        using var owner = (IDisposable)loaded;
        Assert.Equal(["Features", "Name"], schema.Select(c => c.Name));
        Assert.Equal(3, ((IEnumerable<ITransformer>)loaded).OfType<LatentTransformer>().Count());
        var data = loaded.Transform(Data);
        Assert.Equal(saved.Schema.Select(c => (c.Name, c.Type)), data.Schema.Select(c => (c.Name, c.Type)));
        foreach (var column in (string[])["Code", "Spread", "Back"])
            Assert.Equal(Rows.Vectors(saved, column), Rows.Vectors(data, column));
        Assert.Equal(Rows.Scalars(saved, "Score"), Rows.Scalars(data, "Score"));

        _ml.Model.Save(loaded, schema, _file);
        AssertClose(Rows.Vectors(saved, "Back"), PlainValues("Back"));
    }

    [Fact]
    public void Load_of_a_single_transformer_works_as_of_a_chain()
    {
        var expected = Rows.Vectors(Save(_ml.Latent().Encode(_bundle)).Transform(Data), "Code");
        var loaded = _ml.Latent().Load(_file);
        using var owner = (IDisposable)loaded;
        Assert.Equal(expected, Rows.Vectors(loaded.Transform(Data), "Code"));
    }

    [Fact]
    public void What_a_plain_graph_cannot_do_is_refused()
    {
        var sample = _ml.Latent().Sample(_bundle).Fit(Data);
        Assert.Contains("draws random numbers", Root(() => _ml.Model.Save(sample, Data.Schema, _file)).Message);
        var same = _ml.Latent().Reconstruct(_bundle, "Features").Fit(Data);
        Assert.Contains("give the output another name", Root(() => _ml.Model.Save(same, Data.Schema, _file)).Message);
        File.WriteAllText(_file, "not a zip");
        Assert.Contains(_file, Assert.Throws<LatentException>(() => _ml.Latent().Load(_file)).Message);
        Assert.Throws<LatentException>(() => _ml.Latent().Load(_file + ".absent"));
    }

    private static LatentException Root(Action action)
    {
        var e = Assert.ThrowsAny<Exception>(action);
        while (e is not LatentException && e.InnerException is { } inner)
            e = inner;
        return Assert.IsType<LatentException>(e);
    }

    private float[][] PlainValues(string column)
    {
        var configuration = typeof(SaveAndLoadTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var program = Path.Combine(World.Root, "tests", "PlainReader", "bin", configuration, "net10.0", "PlainReader.dll");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[program, _file, column])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        foreach (var row in _rows)
            process.StandardInput.WriteLine(string.Join(' ', row.Select(v => v.ToString("R", CultureInfo.InvariantCulture))));
        process.StandardInput.Close();
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return [.. lines.Select(l => l.Trim().Split(' ').Select(v => float.Parse(v, CultureInfo.InvariantCulture)).ToArray())];
    }

    private static void AssertClose(float[][] expected, float[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), rows => Assert.Equal(rows.First, rows.Second, (a, b) => Math.Abs(a - b) <= 1e-5f * Math.Max(1, Math.Abs(a))));
    }
}

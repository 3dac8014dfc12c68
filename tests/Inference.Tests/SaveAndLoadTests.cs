using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Reflection;
using Latent.Contracts;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Tests;

/// <summary>What docs/saving.md says, row by row, in a process that has ML.NET and not Latent.</summary>
public sealed class SaveAndLoadTests : IDisposable
{
    private static readonly LatentBundle s_table = LatentBundle.Load(TestBundles.Table);
    private static readonly LatentBundle s_passengers = LatentBundle.Load(TestBundles.Passengers);
    private static readonly LatentBundle s_colour = LatentBundle.Load(TestBundles.Colour);

    // Under the first cell of its row: what is saved, of data with a column Features, and the column to look at.
    private static readonly Dictionary<string, (Maker Make, string Column)> s_saved = new()
    {
        ["`Encode`"] = ((ml, b) => ml.Latent().Encode(b), "Code"),
        ["`Encode` with its log-variance"] = (
            (ml, b) => ml.Latent().Encode(b, new EncodeOptions { LogVarianceColumn = "Spread" }),
            "Spread"
        ),
        ["`Decode`"] = ((ml, b) => ml.Latent().Decode(b, "Row", "Features"), "Row"),
        ["`Reconstruct`, `Denoise`"] = ((ml, b) => ml.Latent().Reconstruct(b), "Reconstruction"),
        ["`Reconstruct` into the column that it reads"] = ((ml, b) => ml.Latent().Reconstruct(b, "Features"), "Features"),
        ["`Score`"] = ((ml, b) => ml.Latent().Score(b), "Score"),
        ["`Score` in a column of another name"] = ((ml, b) => ml.Latent().Score(b, "Strange"), "Strange"),
        ["`Score` with error, KL and errors by feature"] = (
            (ml, b) =>
                ml.Latent()
                    .Score(
                        b,
                        new ScoreOptions
                        {
                            ReconstructionErrorColumn = "Error",
                            KlColumn = "Kl",
                            FeatureErrorsColumn = "Each",
                        }
                    ),
            "Error"
        ),
        ["`Encode`, then `KMeans`"] = (
            (ml, b) => ml.Latent().Encode(b).Append(ml.Clustering.Trainers.KMeans("Code", numberOfClusters: 3)),
            "Score"
        ),
        ["`Encode`, then a regression"] = ((ml, b) => ml.Latent().Encode(b).Append(ml.Regression.Trainers.Sdca("Value", "Code")), "Score"),
        ["`Score`, then `NormalizeMinMax`"] = (
            (ml, b) => ml.Latent().Score(b).Append(ml.Transforms.NormalizeMinMax("Last", "Score")),
            "Last"
        ),
        ["`Score`, then `NormalizeBinning`"] = (
            (ml, b) => ml.Latent().Score(b).Append(ml.Transforms.NormalizeBinning("Last", "Score")),
            "Last"
        ),
        ["`Score`, then `Expression`"] = (
            (ml, b) => ml.Latent().Score(b).Append(ml.Transforms.Expression("Last", "x => sqrt(x)", "Score")),
            "Last"
        ),
        ["`Score`, then `Concatenate`"] = (
            (ml, b) => ml.Latent().Score(b).Append(ml.Transforms.Concatenate("Last", "Score", "Features")),
            "Last"
        ),
        ["`Score`, then `Platt`"] = (
            (ml, b) => ml.Latent().Score(b).Append(ml.BinaryClassification.Calibrators.Platt("Label", "Score")),
            "Probability"
        ),
    };

    private static readonly Dictionary<string, Func<MLContext, (LatentEstimator Refused, IDataView Data, string Reason)>> s_refused = new()
    {
        ["`Sample`"] = ml => (ml.Latent().Sample(s_table), Table(ml), "it draws random numbers"),
        ["`LoadImages`, then `Encode`"] = ml =>
            (
                ml.Latent().Encode(s_colour, "Code", "Image"),
                ml.Transforms.LoadImages("Image", "", "Name").Fit(Table(ml)).Transform(Table(ml)),
                "it reads images"
            ),
        ["a vector of unknown size, then `Encode`"] = ml =>
            (
                ml.Latent().Encode(s_table),
                ml.Data.LoadFromEnumerable([new AnyLength { Features = [1, 2, 3, 4, 5, 6] }]),
                "vectors of unknown size"
            ),
        ["a table with columns of several kinds, then `Score`"] = ml =>
            (
                ml.Latent().Score(s_passengers),
                ml.Data.LoadFromEnumerable([new Passenger(), new Passenger { Fare = 300 }]),
                "ApplyOnnxModel has no columns of several kinds"
            ),
        ["`Score` with `IsAnomalyColumn`"] = ml =>
            (
                ml.Latent().Score(s_table, new ScoreOptions { IsAnomalyColumn = "IsAnomaly", Threshold = 30 }),
                Table(ml),
                "ApplyOnnxModel does not judge scores"
            ),
        ["data with a column `Score`, then `Score` in a column of another name"] = ml =>
            (
                ml.Latent().Score(s_table, "Strange"),
                ml.Transforms.CopyColumns("Score", "Value").Fit(Table(ml)).Transform(Table(ml)),
                "the data's own column 'Score'"
            ),
    };

    private readonly MLContext _ml = new(seed: 1);
    private readonly string _file = Path.Combine(TestBundles.TempFolder(), "model.zip");

    public static TheoryData<string> Saved => [.. s_saved.Keys];

    public static TheoryData<string> Refused => [.. s_refused.Keys];

    public void Dispose() => File.Delete(_file);

    [Theory]
    [MemberData(nameof(Saved))]
    public void What_is_saved_has_the_same_types_and_values_in_a_process_without_Latent_and_when_loaded_with_it(string row)
    {
        var (make, column) = s_saved[row];
        var data = row == "`Decode`" ? Data<CodeRow>(Rows.Codes(23, 3)) : Table(_ml);
        var saved = make(_ml, s_table).Fit(data);
        var expected = saved.Transform(data);
        _ml.Model.Save(saved, data.Schema, _file);
        AssertSame(expected, column, Plain(data, column));

        var loaded = _ml.Latent().Load(_file, out var schema);
        using var owner = loaded as IDisposable;
        var actual = loaded.Transform(data);
        Assert.Equal(Visible(expected.Schema), Visible(actual.Schema));
        Assert.Equal(Values(expected, column), Values(actual, column));
        // Saved again, it is what it was.
        _ml.Model.Save(loaded, schema, _file);
        var plain = _ml.Model.Load(_file, out _);
        using var plainOwner = plain as IDisposable;
        // ML.NET's own transforms put a column in the place of the one that it hides.
        Assert.Equal(Visible(expected.Schema).ToHashSet(), [.. Visible(plain.Transform(data).Schema)]);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_would_not_come_back_is_refused_and_can_be_saved_for_Latent(string row)
    {
        var (estimator, data, reason) = s_refused[row](_ml);
        var model = new TransformerChain<ITransformer>(estimator.Fit(data));
        var error = Assert.Throws<LatentException>(() => _ml.Model.Save(model, data.Schema, _file));
        Assert.Contains(reason, error.Message);
        Assert.EndsWith(", or save with ml.Latent().Save and load with ml.Latent().Load.", error.Message);

        _ml.Latent().Save(model, data.Schema, _file);
        var loaded = _ml.Latent().Load(_file, out var schema);
        using var owner = loaded as IDisposable;
        var expected = model.Transform(data);
        var actual = loaded.Transform(data);
        Assert.Equal(Visible(expected.Schema), Visible(actual.Schema));
        var last = expected.Schema[^1].Name;
        if (expected.Schema[^1].Type is BooleanDataViewType)
            Assert.Equal(TableRows.Values<bool>(expected, last), TableRows.Values<bool>(actual, last));
        if (expected.Schema[^1].Type is not BooleanDataViewType && !row.Contains("LoadImages"))
            Assert.Equal(Values(expected, last), Values(actual, last));
        Assert.Equal(error.Message, Assert.Throws<LatentException>(() => _ml.Model.Save(loaded, schema, _file)).Message);
    }

    [Fact]
    public void The_page_about_saving_has_a_row_for_each_of_these()
    {
        var rows = File.ReadLines(Path.Combine(World.Root, "docs", "saving.md"))
            .Where(l => l.StartsWith('|'))
            .Skip(2)
            .Select(l => l.Split('|'))
            .ToDictionary(c => c[1].Trim(), c => c[2].Trim());
        Assert.Equal(s_saved.Keys, rows.Where(r => r.Value == "the same").Select(r => r.Key));
        Assert.Equal(s_refused.Keys, rows.Where(r => r.Value.StartsWith("refused", StringComparison.Ordinal)).Select(r => r.Key));
    }

    [Theory]
    [InlineData("latent_mean")]
    [InlineData("input")]
    [InlineData("h1")]
    [InlineData("a.output")]
    [InlineData("a b/c")]
    public void A_column_may_have_any_name(string column)
    {
        var data = Table(_ml);
        var model = _ml.Latent().Encode(s_table, column).Fit(data);
        _ml.Model.Save(model, data.Schema, _file);
        AssertSame(model.Transform(data), column, Plain(data, column));
    }

    [Fact]
    public void A_column_may_not_have_a_name_that_the_graph_needs_for_itself()
    {
        var model = _ml.Latent().Encode(s_table, "latent/x").Fit(Table(_ml));
        Assert.Contains("'latent/x'", Assert.Throws<LatentException>(() => _ml.Model.Save(model, null, _file)).Message);
    }

    [Fact]
    public void A_single_value_comes_back_to_the_last_bit()
    {
        var data = Table(_ml);
        var chain = _ml.Latent().Score(s_table).Append(_ml.Transforms.CopyColumns("Last", "Score"));
        _ml.Model.Save(chain.Fit(data), data.Schema, _file);
        var plain = _ml.Model.Load(_file, out _);
        using var owner = plain as IDisposable;
        // In one process with one graph: the chain's own vector and the Single that is made of it.
        var inner = ((IEnumerable<ITransformer>)((IEnumerable<ITransformer>)plain).First()).First();
        var vectors = Rows.Vectors(inner.Transform(data), "latent/column/0");
        Assert.Equal(vectors.Select(v => v[0]), Rows.Scalars(plain.Transform(data), "Score"));
    }

    [Fact]
    public void Load_gives_the_batching_transformers_back_in_their_places()
    {
        var data = Table(_ml);
        var chain = _ml
            .Transforms.CopyColumns("Raw", "Features")
            .Append(_ml.Latent().Encode(s_table, new EncodeOptions { InputColumn = "Raw", LogVarianceColumn = "Spread" }))
            .Append(_ml.Latent().Decode(s_table, "Back", "Code"))
            .Append(_ml.Latent().Score(s_table));
        var saved = chain.Fit(data).Transform(data);
        _ml.Model.Save(chain.Fit(data), data.Schema, _file);
        var loaded = _ml.Latent().Load(_file, out var schema);
        using var owner = (IDisposable)loaded;
        Assert.Equal(data.Schema.Select(c => c.Name), schema.Select(c => c.Name));
        Assert.Equal(3, ((IEnumerable<ITransformer>)loaded).OfType<LatentTransformer>().Count());
        var again = loaded.Transform(data);
        Assert.Equal(Visible(saved.Schema), Visible(again.Schema));
        foreach (var column in (string[])["Code", "Spread", "Back", "Score"])
            Assert.Equal(Values(saved, column), Values(again, column));
    }

    [Fact]
    public void A_model_saved_for_Latent_lacks_its_columns_without_it()
    {
        var data = Table(_ml);
        _ml.Latent().Save(_ml.Latent().Encode(s_table).Append(_ml.Latent().Sample(s_table)).Fit(data), data.Schema, _file);
        using var plain = _ml.Model.Load(_file, out _) as IDisposable;
        var schema = ((ITransformer)plain!).GetOutputSchema(data.Schema);
        Assert.Null(schema.GetColumnOrNull("Code"));
        Assert.Null(schema.GetColumnOrNull("Sample"));
    }

    [Fact]
    public void Files_that_are_no_models_and_folders_that_are_absent_are_refused()
    {
        File.WriteAllText(_file, "not a zip");
        Assert.Contains(_file, Assert.Throws<LatentException>(() => _ml.Latent().Load(_file)).Message);
        Assert.Throws<LatentException>(() => _ml.Latent().Load(_file + ".absent"));
        var model = _ml.Latent().Encode(s_table).Fit(Table(_ml));
        var absent = Path.Combine(_file, "absent", "model.zip");
        Assert.Contains(absent, Assert.Throws<LatentException>(() => _ml.Latent().Save(model, null, absent)).Message);
    }

    [Fact]
    public void A_damaged_model_ends_in_a_model_or_a_sentence()
    {
        var data = Table(_ml);
        _ml.Latent().Save(_ml.Latent().Encode(s_table).Fit(data), data.Schema, _file);
        var valid = File.ReadAllBytes(_file);
        var (count, read) = (Fuzz.Count(usual: 100), 0);
        for (var i = 0; i < count; i++)
        {
            File.WriteAllBytes(_file, Damaged(valid, new Random(i)));
            try
            {
                (_ml.Latent().Load(_file) as IDisposable)?.Dispose();
                read++;
            }
            catch (LatentException e)
            {
                Assert.DoesNotContain('\n', e.Message);
            }
        }

        Assert.InRange(read, 0, count - 1);
    }

    // A zip of whole entries, one of which has other bytes, or less of them.
    private static byte[] Damaged(byte[] valid, Random random)
    {
        using var result = new MemoryStream();
        using (var from = new ZipArchive(new MemoryStream(valid)))
        using (var to = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            var damaged = random.Next(from.Entries.Count);
            foreach (var (i, entry) in from.Entries.Index())
            {
                using var bytes = new MemoryStream();
                using (var stream = entry.Open())
                    stream.CopyTo(bytes);
                var content = bytes.ToArray();
                if (i == damaged && random.Next(2) == 0)
                    content = content[..random.Next(content.Length + 1)];
                for (var changes = i == damaged ? random.Next(4) : 0; changes > 0 && content.Length > 0; changes--)
                    content[random.Next(Math.Min(content.Length, 256))] = (byte)random.Next(256);
                using var copy = to.CreateEntry(entry.FullName).Open();
                copy.Write(content);
            }
        }

        return result.ToArray();
    }

    private static IDataView Table(MLContext ml) => Data<Row>(ml, Rows.Table(23));

    private IDataView Data<T>(float[][] rows)
        where T : Row, new() => Data<T>(_ml, rows);

    private static IDataView Data<T>(MLContext ml, float[][] rows)
        where T : Row, new()
    {
        var definition = SchemaDefinition.Create(typeof(T));
        definition[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, rows[0].Length);
        var data = rows.Select(
            (r, i) =>
                new T
                {
                    Features = r,
                    Value = r[0] + r[1],
                    Label = i % 3 == 0,
                    Name = $"{i}.png",
                }
        );
        return ml.Data.LoadFromEnumerable(data, definition);
    }

    private static IEnumerable<(string, DataViewType)> Visible(DataViewSchema schema) =>
        schema.Where(c => !c.IsHidden).Select(c => (c.Name, c.Type));

    private static float[][] Values(IDataView data, string column) =>
        data.Schema[column].Type is VectorDataViewType
            ? Rows.Vectors(data, column)
            : [.. Rows.Scalars(data, column).Select(v => new[] { v })];

    private static void AssertSame(IDataView expected, string column, (string Type, float[][] Values) actual)
    {
        Assert.Equal(expected.Schema[column].Type.ToString(), actual.Type);
        var rows = Values(expected, column);
        // A cursor's rows, then a prediction engine's.
        Assert.Equal(2 * rows.Length, actual.Values.Length);
        Assert.All(
            rows.Concat(rows).Zip(actual.Values),
            pair => Assert.Equal(pair.First, pair.Second, (a, b) => Math.Abs(a - b) <= 1e-5f * Math.Max(1, Math.Abs(a)))
        );
    }

    private (string Type, float[][] Values) Plain(IDataView data, string column)
    {
        var configuration = typeof(SaveAndLoadTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        var program = Path.Combine(World.Root, "tests", "PlainReader", "bin", configuration, "net10.0", "PlainReader.dll");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[program, _file, column])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        foreach (var row in Rows.Vectors(data, "Features"))
            process.StandardInput.WriteLine(string.Join(' ', row.Select(v => v.ToString("R", CultureInfo.InvariantCulture))));
        process.StandardInput.Close();
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        var values = lines.Skip(1).Select(l => l.Trim().Split(' ').Select(v => float.Parse(v, CultureInfo.InvariantCulture)).ToArray());
        return (lines[0].Trim(), [.. values]);
    }

    private delegate IEstimator<ITransformer> Maker(MLContext ml, LatentBundle bundle);

    private class Row
    {
        public float[] Features { get; set; } = [];

        public float Value { get; set; }

        public bool Label { get; set; }

        public string Name { get; set; } = "";
    }

    private sealed class CodeRow : Row;

    private sealed class AnyLength
    {
        public float[] Features { get; set; } = [];
    }
}

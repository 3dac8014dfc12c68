using Latent.Contracts;
using Latent.Contracts.Tables;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Tests;

public sealed class TableOutputTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly LatentBundle _bundle = LatentBundle.Load(TestBundles.Passengers);
    private readonly Passenger[] _rows = Passenger.Draw(50);

    public void Dispose() => _bundle.Dispose();

    private TableDescription Table => _bundle.Manifest.Input.Table!;

    [Fact]
    public void A_reconstruction_has_a_column_of_its_type_for_each_column()
    {
        var data = _ml.Data.LoadFromEnumerable(_rows);
        var made = _ml.Latent().Reconstruct(_bundle).Append(_ml.Latent().Denoise(_bundle)).Fit(data).Transform(data);
        var output = TableRows.Raw(_bundle, "autoencoder", "output", [.. _rows.Select(row => row.Cells())]);
        foreach (var (i, column) in Table.Columns.Index())
        {
            foreach (var name in (string[])[$"Reconstruction.{column.Name}", $"Denoised.{column.Name}"])
            {
                var cells = output.Select(row => row[i]).ToArray();
                if (column.Levels is { } levels)
                    Assert.Equal(cells.Select(cell => levels[(int)cell]), TableRows.Texts(made, name));
                else if (column.Kind == TableColumnKind.DateTime)
                    AssertMoments(cells.Select(cell => column.Origin!.Value.AddDays(cell)), TableRows.Values<DateTime>(made, name));
                else
                    TableRows.AssertClose([cells], [Rows.Scalars(made, name)]);
            }
        }
    }

    [Fact]
    public void Decoded_codes_are_columns_too()
    {
        var data = _ml.Data.LoadFromEnumerable(_rows);
        var decoded = _ml.Latent().Encode(_bundle).Append(_ml.Latent().Decode(_bundle)).Fit(data).Transform(data);
        var made = _ml.Latent().Reconstruct(_bundle).Fit(data).Transform(data);
        Assert.Equal(TableRows.Texts(made, "Reconstruction.class"), TableRows.Texts(decoded, "Output.class"));
        TableRows.AssertClose([Rows.Scalars(made, "Reconstruction.fare")], [Rows.Scalars(decoded, "Output.fare")]);
    }

    [Fact]
    public void Samples_are_drawn_around_the_codes()
    {
        var data = _ml.Data.LoadFromEnumerable(_rows);
        var sampled = _ml.Latent().Sample(_bundle, seed: 3).Append(_ml.Latent().Encode(_bundle)).Fit(data).Transform(data);
        Assert.Equal(Rows.Vectors(sampled, "Sample"), Rows.Vectors(sampled, "Sample"));
        Assert.NotEqual(Rows.Vectors(sampled, "Code"), Rows.Vectors(sampled, "Sample"));
    }

    [Fact]
    public void Generated_rows_are_such_as_the_table_has()
    {
        var made = _ml.Latent().Generate(_bundle, 300, seed: 4);
        Assert.Equal(Table.Columns.Select(column => column.Name).Prepend("Code"), made.Schema.Select(column => column.Name));
        foreach (var column in Table.Columns)
        {
            if (column.Levels is { } levels)
            {
                var words = TableRows.Texts(made, column.Name);
                Assert.All(words, word => Assert.Contains(word, levels));
            }
            else if (column.Kind == TableColumnKind.DateTime)
            {
                foreach (var moment in TableRows.Values<DateTime>(made, column.Name))
                    Assert.InRange((moment - column.Origin!.Value).TotalDays, column.Min!.Value - 1e-5, column.Max!.Value + 1e-5);
            }
            else
            {
                var numbers = Rows.Scalars(made, column.Name);
                Assert.All(numbers, number => Assert.InRange(number, column.Min!.Value, column.Max!.Value));
                if (column.Kind is TableColumnKind.Integer)
                    Assert.All(numbers, number => Assert.Equal(MathF.Round(number), number));
                if (column.Kind is TableColumnKind.Boolean)
                    Assert.Equal([0f, 1f], numbers.Distinct().Order());
            }
        }

        Assert.Equal(["1", "2", "3"], TableRows.Texts(made, "class").Distinct().Order());
        // What was generated is a table that the model reads.
        var scores = Rows.Scalars(_ml.Latent().Score(_bundle).Fit(made).Transform(made), "Score");
        Assert.All(scores, score => Assert.True(float.IsFinite(score)));
    }

    [Fact]
    public void Rows_between_two_codes_begin_and_end_with_theirs()
    {
        float[] from = [-1, 0, 1],
            to = [1, 1, -1];
        var between = _ml.Latent().Interpolate(_bundle, from, to, 5);
        Assert.Equal([from, to], [Rows.Vectors(between, "Code")[0], Rows.Vectors(between, "Code")[4]]);
        Assert.All(TableRows.Texts(between, "class"), word => Assert.Contains(word, (string[])["1", "2", "3"]));
    }

    [Fact]
    public void Names_that_the_table_gives_are_left_alone()
    {
        Assert.Equal(
            $"The rows of {_bundle.Name} are columns of a table, which have their own names; OutputColumn, which is 'Made', must be left alone.",
            Assert.Throws<LatentException>(() => _ml.Latent().Generate(_bundle, new GenerateOptions { OutputColumn = "Made" })).Message
        );
        Assert.Equal(
            $"The table of {_bundle.Name} has a column 'fare' itself; CodeColumn must be another name.",
            Assert.Throws<LatentException>(() => _ml.Latent().Generate(_bundle, new GenerateOptions { CodeColumn = "fare" })).Message
        );
    }

    [Fact]
    public void Tables_are_saved_for_Latent_only()
    {
        var path = Path.Combine(TestBundles.TempFolder(), "model.zip");
        foreach (var folder in (string[])[TestBundles.Passengers, TestBundles.Words, TestBundles.Sensors])
        {
            using var bundle = LatentBundle.Load(folder);
            var data = Data(bundle);
            var options = new ScoreOptions
            {
                IsAnomalyColumn = "IsAnomaly",
                Threshold = 2,
                PValueColumn = bundle.Manifest.Scores is null ? null : "P",
                ExplanationColumn = "Why",
                FeatureErrorsColumn = "Errors",
            };
            var model = _ml.Latent()
                .Score(bundle, options)
                .Append(_ml.Latent().Encode(bundle))
                .Append(_ml.Latent().Reconstruct(bundle))
                .Fit(data);
            Assert.Equal(
                "Score cannot be saved for plain ML.NET: ApplyOnnxModel has no columns of several kinds; load the bundle with LatentBundle.Load instead, or save with ml.Latent().Save and load with ml.Latent().Load.",
                Assert.Throws<LatentException>(() => _ml.Model.Save(model, data.Schema, path)).Message
            );
            _ml.Latent().Save(model, data.Schema, path);
            var loaded = new MLContext().Latent().Load(path, out var schema);
            Assert.Equal(data.Schema.Select(c => c.Name), schema.Select(c => c.Name));
            var (before, after) = (model.Transform(data), loaded.Transform(data));
            Assert.Equal(before.Schema.Select(c => (c.Name, c.Type)), after.Schema.Select(c => (c.Name, c.Type)));
            Assert.Equal(Rows.Scalars(before, "Score"), Rows.Scalars(after, "Score"));
            Assert.Equal(Rows.Vectors(before, "Code"), Rows.Vectors(after, "Code"));
            Assert.Equal(Rows.Vectors(before, "Errors"), Rows.Vectors(after, "Errors"));
            Assert.Equal(TableRows.Texts(before, "Why"), TableRows.Texts(after, "Why"));
            Assert.Equal(TableRows.Values<bool>(before, "IsAnomaly"), TableRows.Values<bool>(after, "IsAnomaly"));
            foreach (var column in bundle.Manifest.Input.Table!.Columns.Where(c => c.Levels is not null))
            {
                Assert.Equal(
                    TableRows.Texts(before, $"Reconstruction.{column.Name}"),
                    TableRows.Texts(after, $"Reconstruction.{column.Name}")
                );
            }

            ((IDisposable)loaded).Dispose();
        }
    }

    [Fact]
    public void Judgements_of_one_column_are_saved_for_Latent_only()
    {
        using var bundle = LatentBundle.Load(TestBundles.Table);
        var path = Path.Combine(TestBundles.TempFolder(), "model.zip");
        var data = _ml.Data.LoadFromEnumerable(TableRow.From(Rows.Table(40)));
        var model = _ml.Latent().Score(bundle, new ScoreOptions { IsAnomalyColumn = "IsAnomaly", Threshold = 30 }).Fit(data);
        Assert.Equal(
            "Score cannot be saved for plain ML.NET: ApplyOnnxModel does not judge scores, as column 'IsAnomaly' does; leave that out, or save with ml.Latent().Save and load with ml.Latent().Load.",
            Assert.Throws<LatentException>(() => _ml.Model.Save(model, data.Schema, path)).Message
        );
        _ml.Latent().Save(model, data.Schema, path);
        var loaded = _ml.Latent().Load(path);
        var (before, after) = (model.Transform(data), loaded.Transform(data));
        Assert.Equal(TableRows.Values<bool>(before, "IsAnomaly"), TableRows.Values<bool>(after, "IsAnomaly"));
        Assert.Contains(true, TableRows.Values<bool>(after, "IsAnomaly"));
        ((IDisposable)loaded).Dispose();
    }

    private IDataView Data(LatentBundle bundle) =>
        bundle.Name == TestBundles.Passengers ? _ml.Data.LoadFromEnumerable(_rows)
        : bundle.Name == TestBundles.Words
            ? _ml.Data.LoadFromEnumerable<Thing>([new("rot", "round"), new("grün", "flat"), new("gelb", "square"), new("", "")])
        : _ml.Data.LoadFromEnumerable<Reading>([new(20, 100, 4, 1), new(20, 100, 4, float.NaN), new(400, -100, 4, 0)]);

    private static void AssertMoments(IEnumerable<DateTime> expected, DateTime[] actual)
    {
        foreach (var (e, a) in expected.Zip(actual))
        {
            Assert.InRange((e - a).TotalSeconds, -1, 1);
            Assert.Equal(0, a.Ticks % TimeSpan.TicksPerSecond);
        }
    }

    private sealed class Thing(string colour, string shape)
    {
        [ColumnName("colour")]
        public string Colour { get; } = colour;

        [ColumnName("shape")]
        public string Shape { get; } = shape;
    }

    private sealed class Reading(float temperature, float pressure, float count, float drift)
    {
        [ColumnName("temperature")]
        public float Temperature { get; } = temperature;

        [ColumnName("pressure")]
        public float Pressure { get; } = pressure;

        [ColumnName("count")]
        public float Count { get; } = count;

        [ColumnName("drift")]
        public float Drift { get; } = drift;
    }
}

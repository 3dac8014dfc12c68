using System.Globalization;
using Latent.Contracts;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Tests;

public sealed class TableColumnTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly LatentBundle _passengers = LatentBundle.Load(TestBundles.Passengers);
    private readonly LatentBundle _sensors = LatentBundle.Load(TestBundles.Sensors);

    public void Dispose()
    {
        _passengers.Dispose();
        _sensors.Dispose();
    }

    private float[] Scores(LatentBundle bundle, IDataView data) =>
        Rows.Scalars(_ml.Latent().Score(bundle).Fit(data).Transform(data), "Score");

    private float[][] Expected(LatentBundle bundle, params float[][] cells) => TableRows.Raw(bundle, "autoencoder", "score", cells);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(256)]
    public void Columns_are_read_as_they_are_whatever_the_batch_size(int batch)
    {
        var rows = Passenger.Draw(300);
        rows[5].Deck = "Z";
        rows[6].Sex = "";
        rows[7].Boarded = default;
        rows[8].Class = " 2 ";
        rows[9].Paid = "YES";
        var cells = rows.Select(row => row.Cells()).ToArray();
        (cells[8][0], cells[9][7]) = (1, 0);
        var data = _ml.Data.LoadFromEnumerable(rows);
        var options = new ScoreOptions { FeatureErrorsColumn = "Errors", BatchSize = batch };
        var scored = _ml.Latent().Encode(_passengers).Append(_ml.Latent().Score(_passengers, options)).Fit(data).Transform(data);
        TableRows.AssertClose(Expected(_passengers, cells), Rows.Scalars(scored, "Score").Select(s => new[] { s }));
        TableRows.AssertClose(TableRows.Raw(_passengers, "autoencoder", "feature_errors", cells), Rows.Vectors(scored, "Errors"));
        TableRows.AssertClose(TableRows.Raw(_passengers, "encoder", "latent_mean", cells), Rows.Vectors(scored, "Code"));
        Assert.Equal(rows.Select(row => row.Fare), Rows.Scalars(scored, "fare"));
        Assert.Equal(rows.Select(row => row.Deck), TableRows.Texts(scored, "deck"));
    }

    [Fact]
    public void Numbers_may_be_of_any_type()
    {
        float[] values = [20, 100, 4, 1];
        var expected = Expected(_sensors, values)[0][0];
        Same<float>(v => v);
        Same<double>(v => v);
        Same<sbyte>(v => (sbyte)v);
        Same<byte>(v => (byte)v);
        Same<short>(v => (short)v);
        Same<ushort>(v => (ushort)v);
        Same<int>(v => (int)v);
        Same<uint>(v => (uint)v);
        Same<long>(v => (long)v);
        Same<ulong>(v => (ulong)v);
        Same<string>(v => $" {v.ToString("0.0", CultureInfo.InvariantCulture)} ");

        void Same<T>(Func<float, T> of)
        {
            var row = new Reading<T>
            {
                Temperature = of(values[0]),
                Pressure = of(values[1]),
                Count = of(values[2]),
                Drift = of(values[3]),
            };
            Assert.Equal(expected, Assert.Single(Scores(_sensors, _ml.Data.LoadFromEnumerable([row]))), 1e-5f * expected);
        }
    }

    [Fact]
    public void Booleans_are_1_and_0()
    {
        var row = new Reading<bool> { Temperature = true, Drift = true };
        Assert.Equal(Expected(_sensors, [1, 0, 0, 1])[0][0], Assert.Single(Scores(_sensors, _ml.Data.LoadFromEnumerable([row]))), 1e-3f);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("NA")]
    [InlineData("?")]
    [InlineData("NaN")]
    [InlineData(null)]
    public void Missing_numbers_are_NaN_or_a_text_that_says_so(string? text)
    {
        float[] missing = [float.NaN, 100, 4, float.NaN];
        var expected = Expected(_sensors, missing);
        var numbers = new Reading<float>
        {
            Temperature = float.NaN,
            Pressure = 100,
            Count = 4,
            Drift = float.NaN,
        };
        TableRows.AssertClose(expected, [Scores(_sensors, _ml.Data.LoadFromEnumerable([numbers]))]);
        var texts = new Reading<string>
        {
            Temperature = text!,
            Pressure = "100",
            Count = "4",
            Drift = text!,
        };
        TableRows.AssertClose(expected, [Scores(_sensors, _ml.Data.LoadFromEnumerable([texts]))]);
    }

    [Fact]
    public void Keys_are_the_texts_that_they_stand_for_or_their_numbers()
    {
        var rows = Passenger.Draw(60);
        rows[3].Deck = "Z";
        var cells = rows.Select(row => row.Cells()).ToArray();
        var data = _ml.Data.LoadFromEnumerable(rows);
        var keys = _ml
            .Transforms.Conversion.MapValueToKey("deck")
            .Append(_ml.Transforms.Conversion.MapValueToKey("class"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("sex"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("fare"))
            .Fit(data)
            .Transform(data);
        Assert.IsType<KeyDataViewType>(keys.Schema["fare"].Type);
        TableRows.AssertClose(Expected(_passengers, cells), Scores(_passengers, keys).Select(s => new[] { s }));

        var plain = _ml.Data.LoadFromEnumerable(new uint[] { 1, 2, 3, 4 }.Select(k => new PassengerWithKeys { Class = k, Age = k }));
        Assert.False(plain.Schema["class"].HasKeyValues());
        float[][] asCells =
        [
            .. new uint[] { 1, 2, 3, 4 }.Select(k =>
            {
                var row = new Passenger().Cells();
                (row[0], row[2]) = k == 4 ? (-2f, float.NaN) : (k - 1f, (float)k);
                return row;
            }),
        ];
        TableRows.AssertClose(Expected(_passengers, asCells), Scores(_passengers, plain).Select(s => new[] { s }));
    }

    [Fact]
    public void Words_that_are_numbers_or_yes_and_no_may_be_of_their_types()
    {
        float[][] cells = [new Passenger { Class = "2", Paid = "no" }.Cells(), new Passenger { Class = "9", Paid = "yes" }.Cells()];
        var expected = Expected(_passengers, cells);
        Same<int>(v => v);
        Same<byte>(v => (byte)v);
        Same<long>(v => v);
        Same<float>(v => v);
        Same<double>(v => v);
        Same<string>(v => $"{v}.0");

        var missing = _ml.Data.LoadFromEnumerable([new PassengerOf<float, bool> { Class = float.NaN, Paid = true }]);
        TableRows.AssertClose(Expected(_passengers, new Passenger { Class = "" }.Cells()), [Scores(_passengers, missing)]);

        void Same<T>(Func<int, T> of)
        {
            var data = _ml.Data.LoadFromEnumerable<PassengerOf<T, bool>>([
                new() { Class = of(2), Paid = false },
                new() { Class = of(9), Paid = true },
            ]);
            TableRows.AssertClose(expected, Scores(_passengers, data).Select(s => new[] { s }));
        }
    }

    [Fact]
    public void Dates_may_have_offsets_or_be_texts()
    {
        var boarded = new DateTime(1912, 4, 10, 12, 0, 0);
        var expected = Expected(_passengers, new Passenger { Boarded = boarded }.Cells());
        var offset = new DateTimeOffset(1912, 4, 10, 14, 0, 0, TimeSpan.FromHours(2));
        TableRows.AssertClose(
            expected,
            [Scores(_passengers, _ml.Data.LoadFromEnumerable([new PassengerAt<DateTimeOffset> { Boarded = offset }]))]
        );
        foreach (var text in (string[])["1912-04-10 12:00", "1912-04-10T14:00:00+02:00", " 10.04.1912 12:00:00 "])
        {
            TableRows.AssertClose(
                expected,
                [Scores(_passengers, _ml.Data.LoadFromEnumerable([new PassengerAt<string> { Boarded = text }]))]
            );
        }

        var missing = Expected(_passengers, new Passenger { Boarded = default }.Cells());
        TableRows.AssertClose(missing, [Scores(_passengers, _ml.Data.LoadFromEnumerable([new PassengerAt<DateTimeOffset>()]))]);
        TableRows.AssertClose(missing, [Scores(_passengers, _ml.Data.LoadFromEnumerable([new PassengerAt<string> { Boarded = "" }]))]);
        Refuse(
            new PassengerAt<TimeSpan>(),
            "Score reads column 'boarded', which is of type TimeSpan; it must be a DateTime, a DateTimeOffset or text."
        );
        Refuse(
            new PassengerAt<float>(),
            "Score reads column 'boarded', which is of type Single; it must be a DateTime, a DateTimeOffset or text."
        );
    }

    [Fact]
    public void Other_types_are_refused_by_column_type_and_what_would_be_right()
    {
        Refuse(
            new PassengerOf<TimeSpan, bool>(),
            "Score reads column 'class', which is of type TimeSpan; it must be text, a number or a key."
        );
        Refuse(new PassengerOf<bool, bool>(), "Score reads column 'class', which is of type Boolean; it must be text, a number or a key.");
        Refuse(
            new PassengerOf<float[], bool> { Class = [1] },
            "Score reads column 'class', which is a vector of Single; it must be text, a number or a key."
        );
        Refuse(
            new PassengerOf<int, DateTime>(),
            "Score reads column 'paid', which is of type DateTime; it must be text, a Boolean, a number or a key."
        );
        Refuse(
            new Reading<DateTime>(),
            "Score reads column 'temperature', which is of type DateTime; it must be a number, a Boolean, text or a key.",
            _sensors
        );
        Refuse(
            new Passenger(),
            "Score reads column 'temperature', which the data does not have; it has 'class', 'fare', 'age', 'sex', 'deck', 'alone', 'boarded', 'paid'.",
            _sensors
        );
    }

    [Theory]
    [InlineData("abc", "a finite number, or empty where it is missing")]
    [InlineData("1e99", "a number that a 32-bit float holds")]
    public void A_text_that_is_no_number_is_told_with_its_row(string text, string wanted)
    {
        var rows = Enumerable
            .Range(0, 30)
            .Select(i => new Reading<string>
            {
                Temperature = i == 21 ? text : "20",
                Pressure = "1",
                Count = "1",
                Drift = "1",
            });
        var data = _ml.Data.LoadFromEnumerable(rows);
        var scored = _ml.Latent().Score(_sensors, new ScoreOptions { BatchSize = 4 }).Fit(data).Transform(data);
        Assert.Equal(
            $"Score reads column 'temperature', which is '{text}' in row 21; it must be {wanted}.",
            Assert.Throws<LatentException>(() => Rows.Scalars(scored, "Score")).Message
        );
    }

    [Fact]
    public void Swapped_and_further_columns_do_not_matter()
    {
        var rows = Passenger.Draw(20);
        var data = _ml.Data.LoadFromEnumerable(rows);
        var swapped = _ml
            .Transforms.CopyColumns("name", "deck")
            .Append(_ml.Transforms.SelectColumns("paid", "deck", "name", "age", "boarded", "sex", "class", "alone", "fare"))
            .Fit(data)
            .Transform(data);
        Assert.Equal("paid", swapped.Schema[0].Name);
        Assert.Equal(Scores(_passengers, data), Scores(_passengers, swapped));
        var scored = _ml.Latent().Score(_passengers).Fit(swapped).Transform(swapped);
        Assert.Equal("name", scored.Schema[2].Name);
        Assert.Equal(rows.Select(row => row.Deck), TableRows.Texts(scored, "name"));
    }

    [Fact]
    public void InputColumn_must_be_left_alone()
    {
        Assert.Equal(
            $"Score reads the columns of the table of {_passengers.Name} by their names; InputColumn, which is 'Raw', must be left alone.",
            Assert.Throws<LatentException>(() => _ml.Latent().Score(_passengers, "Score", "Raw")).Message
        );
        Assert.Throws<LatentException>(() => _ml.Latent().Encode(_sensors, "Code", "Raw"));
        Assert.Throws<LatentException>(() => _ml.Latent().Sample(_passengers, "Sample", "Raw"));
    }

    [Fact]
    public void A_shape_of_a_schema_is_checked_and_extended()
    {
        var data = _ml.Data.LoadFromEnumerable(Passenger.Draw(3));
        var options = new ScoreOptions
        {
            FeatureErrorsColumn = "Errors",
            IsAnomalyColumn = "PredictedLabel",
            PValueColumn = "P",
            ExplanationColumn = "Why",
        };
        var estimator = _ml.Latent().Score(_passengers, options).Append(_ml.Latent().Reconstruct(_passengers));
        var before = _ml.Transforms.CopyColumns("copy", "fare");
        var model = before.Append(estimator).Fit(data);
        var actual = model.GetOutputSchema(data.Schema);
        var shape = estimator.GetOutputSchema(before.GetOutputSchema(ShapeOf<Passenger>()));
        foreach (var column in shape)
        {
            var type = actual[column.Name].Type;
            Assert.Equal((type as VectorDataViewType)?.ItemType ?? type, column.ItemType);
            Assert.Equal(type is VectorDataViewType, column.Kind == SchemaShape.Column.VectorKind.Vector);
            Assert.Equal(actual[column.Name].Annotations.Schema.Select(a => a.Name), column.Annotations.Select(a => a.Name));
        }

        Assert.Equal(actual.Count, shape.Count());
        Assert.Equal(typeof(bool), actual["PredictedLabel"].Type.RawType);
        Assert.Equal(typeof(DateTime), actual["Reconstruction.boarded"].Type.RawType);
        Assert.Throws<LatentException>(() => _ml.Latent().Score(_sensors).GetOutputSchema(ShapeOf<Passenger>()));
        var names = default(VBuffer<ReadOnlyMemory<char>>);
        actual["Errors"].GetSlotNames(ref names);
        Assert.Equal(_passengers.Manifest.Input.Table!.Columns.Select(c => c.Name), names.DenseValues().Select(n => n.ToString()));
    }

    [Fact]
    public void A_prediction_engine_gives_what_batches_give()
    {
        var rows = Passenger.Draw(30);
        rows[4].Deck = "Q";
        var data = _ml.Data.LoadFromEnumerable(rows);
        var options = new ScoreOptions { ExplanationColumn = "Why", IsAnomalyColumn = "IsAnomaly" };
        var model = _ml.Latent().Score(_passengers, options).Fit(data);
        var batched = model.Transform(data);
        var (scores, texts) = (Rows.Scalars(batched, "Score"), TableRows.Texts(batched, "Why"));
        using var engine = _ml.Model.CreatePredictionEngine<Passenger, Judged>(model);
        for (var i = 0; i < rows.Length; i++)
        {
            var judged = engine.Predict(rows[i]);
            Assert.Equal(scores[i], judged.Score, 1e-4f * Math.Max(1, scores[i]));
            Assert.Equal(texts[i], judged.Why);
        }

        Assert.Contains("deck = Q (unseen)", texts[4]);
    }

    [Fact]
    public void Only_the_columns_of_the_table_are_read()
    {
        var data = _ml.Data.LoadFromEnumerable(Passenger.Draw(3));
        var more = _ml.Transforms.CopyColumns("other", "fare").Fit(data).Transform(data);
        var mapper = _ml.Latent().Score(_passengers).Fit(more).GetRowToRowMapper(more.Schema);
        Assert.Equal(data.Schema.Select(c => c.Name), mapper.GetDependencies([mapper.OutputSchema["Score"]]).Select(c => c.Name));
        Assert.Equal(["other"], mapper.GetDependencies([mapper.OutputSchema["other"]]).Select(c => c.Name));
        Assert.Equal(9, mapper.GetDependencies([mapper.OutputSchema["other"], mapper.OutputSchema["Score"]]).Count());
    }

    [Fact]
    public void Several_cursors_and_threads_give_the_same()
    {
        var data = _ml.Data.Cache(_ml.Data.LoadFromEnumerable(Passenger.Draw(500)));
        var options = new ScoreOptions { ExplanationColumn = "Why", BatchSize = 16 };
        var scored = _ml.Latent().Score(_passengers, options).Fit(data).Transform(data);
        var (scores, texts) = (Rows.Scalars(scored, "Score"), TableRows.Texts(scored, "Why"));
        Parallel.For(
            0,
            6,
            _ =>
            {
                Assert.Equal(scores, Rows.Scalars(scored, "Score"));
                Assert.Equal(texts, TableRows.Texts(scored, "Why"));
            }
        );
        var found = new List<float>();
        foreach (var cursor in scored.GetRowCursorSet(scored.Schema, 3))
        {
            using var _ = cursor;
            var getter = cursor.GetGetter<float>(scored.Schema["Score"]);
            var score = 0f;
            while (cursor.MoveNext())
            {
                getter(ref score);
                found.Add(score);
            }
        }

        TableRows.AssertClose(scores.Order().Select(s => new[] { s }), found.Order().Select(s => new[] { s }));
    }

    // The shape of a schema is made by ML.NET only, in public by an estimator that adds all its columns.
    private SchemaShape ShapeOf<T>()
        where T : class, new() => _ml.Transforms.CustomMapping<Nothing, T>((_, _) => { }, null).GetOutputSchema(new SchemaShape([]));

    private void Refuse<T>(T row, string message, LatentBundle? bundle = null)
        where T : class
    {
        var data = _ml.Data.LoadFromEnumerable([row]);
        Assert.Equal(message, Assert.Throws<LatentException>(() => _ml.Latent().Score(bundle ?? _passengers).Fit(data)).Message);
    }

    private sealed class Nothing;

    private sealed class Judged
    {
        public float Score { get; set; }

        public bool IsAnomaly { get; set; }

        public string Why { get; set; } = "";
    }

    private sealed class Reading<T>
    {
        [ColumnName("temperature")]
        public T Temperature { get; set; } = default!;

        [ColumnName("pressure")]
        public T Pressure { get; set; } = default!;

        [ColumnName("count")]
        public T Count { get; set; } = default!;

        [ColumnName("drift")]
        public T Drift { get; set; } = default!;
    }

    private abstract class Others
    {
        [ColumnName("fare")]
        public float Fare { get; set; } = 8.25f;

        [ColumnName("sex")]
        public string Sex { get; set; } = "male";

        [ColumnName("deck")]
        public string Deck { get; set; } = "";

        [ColumnName("alone")]
        public float Alone { get; set; } = 1;
    }

    private sealed class PassengerOf<TClass, TPaid> : Others
    {
        [ColumnName("class")]
        public TClass Class { get; set; } = default!;

        [ColumnName("age")]
        public float Age { get; set; } = 30;

        [ColumnName("boarded")]
        public DateTime Boarded { get; set; } = new(1912, 4, 10, 12, 0, 0);

        [ColumnName("paid")]
        public TPaid Paid { get; set; } = default!;
    }

    private sealed class PassengerAt<TBoarded> : Others
    {
        [ColumnName("class")]
        public string Class { get; set; } = "3";

        [ColumnName("age")]
        public float Age { get; set; } = 30;

        [ColumnName("boarded")]
        public TBoarded Boarded { get; set; } = default!;

        [ColumnName("paid")]
        public string Paid { get; set; } = "yes";
    }

    private sealed class PassengerWithKeys : Others
    {
        [ColumnName("class"), KeyType(4)]
        public uint Class { get; set; }

        [ColumnName("age"), KeyType(4)]
        public uint Age { get; set; }

        [ColumnName("boarded")]
        public DateTime Boarded { get; set; } = new(1912, 4, 10, 12, 0, 0);

        [ColumnName("paid")]
        public string Paid { get; set; } = "yes";
    }
}

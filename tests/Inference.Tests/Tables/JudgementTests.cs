using Latent.Contracts;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Tests;

public sealed class JudgementTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly LatentBundle _passengers = LatentBundle.Load(TestBundles.Passengers);
    private readonly LatentBundle _sensors = LatentBundle.Load(TestBundles.Sensors);

    public void Dispose()
    {
        _passengers.Dispose();
        _sensors.Dispose();
    }

    private IDataView Score(LatentBundle bundle, ScoreOptions options, IEnumerable<Passenger> rows)
    {
        var data = _ml.Data.LoadFromEnumerable(rows);
        return _ml.Latent().Score(bundle, options).Fit(data).Transform(data);
    }

    [Fact]
    public void An_alarm_rate_is_the_share_of_normal_rows_that_are_called_anomalies()
    {
        var rows = Passenger.Draw(400);
        var scores = Rows.Scalars(Score(_passengers, new ScoreOptions(), rows), "Score");
        foreach (var rate in (double?[])[null, 0.01, 0.1, 0.5])
        {
            var options = new ScoreOptions
            {
                IsAnomalyColumn = "PredictedLabel",
                PValueColumn = "P",
                AlarmRate = rate,
            };
            var scored = Score(_passengers, options, rows);
            var threshold = _passengers.Manifest.Scores!.Threshold(rate ?? 0.01);
            Assert.Equal(scores.Select(score => score >= threshold), TableRows.Values<bool>(scored, "PredictedLabel"));
            Assert.Equal(scores.Select(score => (float)_passengers.Manifest.Scores.PValue(score)), Rows.Scalars(scored, "P"));
        }

        var lowest = scores.Order().ElementAt(scores.Length / 2);
        var given = Score(_passengers, new ScoreOptions { IsAnomalyColumn = "IsAnomaly", Threshold = lowest }, rows);
        Assert.Equal(200, TableRows.Values<bool>(given, "IsAnomaly").Count(isAnomaly => isAnomaly));
    }

    [Fact]
    public void An_odd_row_is_an_anomaly_and_the_odd_column_is_named_with_what_was_expected()
    {
        Passenger[] rows =
        [
            new(),
            new() { Fare = 512.3f },
            new() { Sex = "other\tthan" },
            new()
            {
                Class = "1",
                Fare = 80,
                Boarded = new DateTime(1912, 4, 10, 12, 0, 0),
                Deck = "A",
            },
            new() { Age = float.PositiveInfinity },
        ];
        var options = new ScoreOptions
        {
            IsAnomalyColumn = "IsAnomaly",
            PValueColumn = "P",
            ExplanationColumn = "Why",
            Explanations = 4,
            FeatureErrorsColumn = "Errors",
        };
        var scored = Score(_passengers, options, rows);
        Assert.Equal([false, true, true, true, true], TableRows.Values<bool>(scored, "IsAnomaly"));
        var texts = TableRows.Texts(scored, "Why");
        Assert.Matches(@"fare = 512\.3, expected [0-9.]+ \([0-9]+%\)", texts[1]);
        Assert.Matches(@"^sex = other\\u0009than \(unseen\), expected (male|female) \([0-9]+%\)", texts[2]);
        Assert.Matches(@"boarded = 1912-04-10T12:00:00, expected 1912-04-[0-9]{2}T[0-9:]{8} \([0-9]+%\)", texts[3]);
        Assert.StartsWith("age = Infinity, expected ", texts[4]);
        Assert.All(texts, text => Assert.InRange(text.Split("; ").Length, 1, 4));
        var p = Rows.Scalars(scored, "P");
        Assert.True(p[1] < 0.01 && p[0] > 0.05, $"{p[0]} and {p[1]}");

        var table = _passengers.Manifest.Input.Table!;
        foreach (var (text, errors) in texts.Zip(Rows.Vectors(scored, "Errors")))
        {
            var order = Enumerable.Range(0, errors.Length).OrderByDescending(i => errors[i]).ToArray();
            var parts = text.Split("; ");
            for (var i = 0; i < parts.Length; i++)
            {
                Assert.StartsWith($"{table.Columns[order[i]].Name} = ", parts[i]);
                Assert.EndsWith(
                    FormattableString.Invariant($"({Math.Round(100 * errors[order[i]] / errors.Sum(e => (double)e))}%)"),
                    parts[i]
                );
            }
        }
    }

    [Fact]
    public void A_row_without_any_value_has_a_score_and_no_explanation()
    {
        var rows = Enumerable.Repeat(
            new Passenger
            {
                Class = "",
                Fare = float.NaN,
                Age = float.NaN,
                Sex = "",
                Alone = float.NaN,
                Boarded = default,
                Paid = "",
            },
            3
        );
        var scored = Score(_passengers, new ScoreOptions { ExplanationColumn = "Why", FeatureErrorsColumn = "Errors" }, rows);
        Assert.Equal(["", "", ""], TableRows.Texts(scored, "Why"));
        Assert.Equal([0f, 0, 0], Rows.Scalars(scored, "Score"));
        Assert.All(Rows.Vectors(scored, "Errors"), errors => Assert.All(errors, error => Assert.Equal(0, error)));
    }

    [Fact]
    public void A_score_that_is_no_number_is_an_anomaly()
    {
        using var table = LatentBundle.Load(TestBundles.Table);
        var data = _ml.Data.LoadFromEnumerable(
            TableRow.From([
                [float.NaN, 1, 1, 1, 1, 1],
                [1, -2, 30, 0.5f, 100, 0],
            ])
        );
        var scored = _ml.Latent()
            .Score(table, new ScoreOptions { IsAnomalyColumn = "IsAnomaly", Threshold = 1e9 })
            .Fit(data)
            .Transform(data);
        Assert.True(float.IsNaN(Rows.Scalars(scored, "Score")[0]));
        Assert.Equal([true, false], TableRows.Values<bool>(scored, "IsAnomaly"));
    }

    [Fact]
    public void Anomalies_are_evaluated_by_MLNET()
    {
        var normal = Passenger.Draw(300).Select(row => (Row: row, Label: false));
        var odd = Passenger
            .Draw(40)
            .Select(row =>
                (
                    Row: new Passenger
                    {
                        Fare = 400,
                        Class = row.Class,
                        Boarded = row.Boarded,
                    },
                    Label: true
                )
            );
        var labelled = normal.Concat(odd).ToArray();
        var data = _ml.Data.LoadFromEnumerable(labelled.Select(pair => pair.Row));
        var options = new ScoreOptions { IsAnomalyColumn = "PredictedLabel" };
        var scored = _ml.Latent().Score(_passengers, options).Fit(data).Transform(data);
        var (scores, predicted) = (Rows.Scalars(scored, "Score"), TableRows.Values<bool>(scored, "PredictedLabel"));
        var judged = _ml.Data.LoadFromEnumerable(
            labelled.Select(
                (pair, i) =>
                    new Judged
                    {
                        Label = pair.Label ? 1 : 0,
                        Score = scores[i],
                        PredictedLabel = predicted[i],
                    }
            )
        );
        var metrics = _ml.AnomalyDetection.Evaluate(judged, falsePositiveCount: 10);
        Assert.InRange(metrics.AreaUnderRocCurve, 0.95, 1);
        Assert.InRange(metrics.DetectionRateAtFalsePositiveCount, 0.9, 1);

        // The label in the data itself, beside our columns.
        var withLabel = _ml
            .Transforms.CustomMapping<Fare, Label>((row, label) => label.Value = row.Value == 400 ? 1 : 0, null)
            .Append(_ml.Latent().Score(_passengers, options))
            .Fit(data)
            .Transform(data);
        Assert.Equal(metrics.AreaUnderRocCurve, _ml.AnomalyDetection.Evaluate(withLabel).AreaUnderRocCurve, 1e-9);
    }

    [Fact]
    public void Bundles_of_one_column_are_judged_by_a_threshold()
    {
        using var table = LatentBundle.Load(TestBundles.Table);
        var rows = Rows.Table(50);
        var data = _ml.Data.LoadFromEnumerable(TableRow.From(rows));
        var scored = _ml.Latent()
            .Score(table, new ScoreOptions { IsAnomalyColumn = "IsAnomaly", Threshold = 20 })
            .Fit(data)
            .Transform(data);
        Assert.Equal(Rows.Scalars(scored, "Score").Select(score => score >= 20), TableRows.Values<bool>(scored, "IsAnomaly"));
    }

    [Fact]
    public void What_cannot_be_judged_is_refused_in_a_sentence()
    {
        using var words = LatentBundle.Load(TestBundles.Words);
        using var table = LatentBundle.Load(TestBundles.Table);
        foreach (var bundle in (LatentBundle[])[words, table])
        {
            Refuse(
                bundle,
                new ScoreOptions { IsAnomalyColumn = "IsAnomaly" },
                $"The bundle {bundle.Name} does not say what scores normal rows have; IsAnomalyColumn needs a bundle that does or ScoreOptions.Threshold."
            );
            Refuse(
                bundle,
                new ScoreOptions { PValueColumn = "P" },
                $"The bundle {bundle.Name} does not say what scores normal rows have; PValueColumn needs a bundle that does."
            );
        }

        Refuse(
            table,
            new ScoreOptions { ExplanationColumn = "Why" },
            $"The bundle {table.Name} is not of a table with columns of several kinds, which ExplanationColumn is for."
        );
        var rows = _sensors.Manifest.Scores!.Rows;
        Refuse(
            _sensors,
            new ScoreOptions { IsAnomalyColumn = "IsAnomaly", AlarmRate = 1e-6 },
            FormattableString.Invariant(
                $"An alarm rate of 1E-06 needs at least 999,999 held-out normal rows, but the model has the scores of {rows:N0}; a threshold can be given instead."
            )
        );
        var both = new ScoreOptions { AlarmRate = 0.1, Threshold = 2 };
        Assert.Contains("only one of them", Assert.Throws<ArgumentException>(() => _ml.Latent().Score(_sensors, both)).Message);
        foreach (var rate in (double[])[0, 1, -1, double.NaN])
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Latent().Score(_sensors, new ScoreOptions { AlarmRate = rate }));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Latent().Score(_sensors, new ScoreOptions { Threshold = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Latent().Score(_sensors, new ScoreOptions { Explanations = 0 }));
        Assert.Throws<ArgumentException>(() => _ml.Latent().Score(_sensors, new ScoreOptions { IsAnomalyColumn = "Score" }));

        void Refuse(LatentBundle bundle, ScoreOptions options, string message) =>
            Assert.Equal(message, Assert.Throws<LatentException>(() => _ml.Latent().Score(bundle, options)).Message);
    }

    private sealed class Fare
    {
        [ColumnName("fare")]
        public float Value { get; set; }
    }

    private sealed class Label
    {
        [ColumnName("Label")]
        public float Value { get; set; }
    }

    private sealed class Judged
    {
        // The only types of a label that ML.NET's evaluation of anomalies takes are this and keys.
        public float Label { get; set; }

        public float Score { get; set; }

        public bool PredictedLabel { get; set; }
    }
}

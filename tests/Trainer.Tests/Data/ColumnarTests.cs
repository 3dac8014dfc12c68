using System.Globalization;
using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Data.Columns;
using Latent.Data.Rows;
using Latent.Trainer.Data;
using Latent.Trainer.Runs;
using Latent.Trainer.Tests.Helpers;

namespace Latent.Trainer.Tests.Data;

public sealed class ColumnarTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("x.parquet")]
    [InlineData("x.arrow")]
    public void Training_from_columns_is_training_from_csv(string name)
    {
        var random = new Random(3);
        float[][] rows =
        [
            .. Enumerable.Range(0, 200).Select(_ => (float[])[random.NextSingle(), 10 * random.NextSingle(), random.NextSingle() - 5]),
        ];
        string[] labels = [.. rows.Select(row => row[0] > 0.5 ? "large" : "small")];
        var lines = rows.Select((row, i) => $"{labels[i]},{string.Join(',', row.Select(v => v.ToString(CultureInfo.InvariantCulture)))}\n");
        var csv = _folder.Write("x.csv", "kind,a,b,c\n" + string.Concat(lines));
        Write(name, labels, rows);
        var recipe = Recipes.Tiny with
        {
            Data = Recipes.Data(DataSourceKind.Csv, csv) with { Label = "kind", Columns = ["c", "a..b"], Scaling = ScalingKind.Standard },
            Decoder = [.. Recipes.Tiny.Decoder.SkipLast(1), Recipes.Tiny.Decoder[^1] with { Out = 3 }],
            Objective = Recipes.Tiny.Objective with { Reconstruction = ReconstructionKind.MeanSquaredError },
        };
        var fromCsv = DataLoader.Load(recipe);
        var fromColumns = DataLoader.Load(recipe with { Data = recipe.Data with { Path = _folder.File(name) } });
        Assert.Equal(fromCsv.Fingerprint, fromColumns.Fingerprint);
        Assert.Equal(fromCsv.Train.Labels!, fromColumns.Train.Labels!);
        Assert.Equal(["c", "a", "b"], fromColumns.Train.Input.Columns!);
        Assert.Equal(Metrics(recipe, "csv"), Metrics(recipe with { Data = recipe.Data with { Path = _folder.File(name) } }, "columns"));
    }

    [Theory]
    [InlineData("x.parquet")]
    [InlineData("x.arrow")]
    public void Rows_that_cannot_be_read_are_refused_or_left_out(string name)
    {
        Write(
            name,
            ["x", "y", "z"],
            [
                [1, 2, 3],
                [4, float.NaN, 6],
                [7, 8, 9],
            ]
        );
        var recipe = Recipes.Data(DataSourceKind.Csv, _folder.File(name)) with { Label = "kind", Test = 0, Validation = 0 };
        Assert.Contains(
            $"{name}, row 1 (counted from 0), column b, has 'NaN'",
            Assert.Throws<LatentException>(() => DataLoader.Load(Recipes.Reading(recipe))).Message
        );
        var skipped = new List<SkippedInput>();
        var data = DataLoader
            .Load(Recipes.Reading(recipe with { SkipErrors = true }), null, skipped, TestContext.Current.CancellationToken)
            .Train;
        Assert.Equal([1, 2, 3, 7, 8, 9], data.Values);
        Assert.Equal(["x", "z"], data.Labels!);
        Assert.Single(skipped);
        Assert.Contains(
            "column kind, is of type",
            Assert.Throws<LatentException>(() => DataLoader.Load(Recipes.Reading(recipe with { Label = null }))).Message
        );
    }

    private Dictionary<string, double> Metrics(Recipe recipe, string output) =>
        TrainingRun
            .Execute(recipe, DataLoader.Load(recipe), new RunOptions { Output = _folder.File(output), Threads = 1 })
            .Manifest!.Metrics.Where(figure => figure.Key != "seconds")
            .ToDictionary();

    private void Write(string name, string[] labels, float[][] rows)
    {
        string[] columns = ["a", "b", "c"];
        using ColumnarSink sink =
            name == "x.parquet"
                ? new ParquetSink(_folder.File(name), ["kind"], ResultColumn.Numbers(columns), numbered: false)
                : new ArrowSink(_folder.File(name), ["kind"], ResultColumn.Numbers(columns), numbered: false);
        var batch = new RowBatch(rows.Length, 3, 3) { Count = rows.Length };
        for (var i = 0; i < rows.Length; i++)
        {
            batch.Kept[i] = [labels[i]];
            rows[i].CopyTo(batch.Result(i));
        }

        sink.Write(batch);
        sink.Complete();
    }
}

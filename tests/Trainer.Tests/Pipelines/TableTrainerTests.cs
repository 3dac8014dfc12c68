using Latent.Contracts;
using Latent.Contracts.Tables;
using Latent.Trainer.Runs;
using Latent.Trainer.Tests.Helpers;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Trainer.Tests.Pipelines;

public sealed class TableTrainerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MLContext _ml = new(seed: 1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Columns_are_learned_as_they_are_and_an_odd_row_is_named_with_its_reason()
    {
        var data = _ml.Data.LoadFromEnumerable(Orders());
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Country").Fit(data).Transform(data);
        var trainer = _ml.Latent().TrainTable(Options());
        Assert.Contains(
            trainer.GetOutputSchema(_ml.Transforms.Conversion.MapValueToKey("Country").GetOutputSchema(Shape())),
            column => column.Name == "PredictedLabel" && column.ItemType == BooleanDataViewType.Instance
        );
        using var model = trainer.Fit(keyed);
        var table = BundleOf().Manifest.Input.Table!;
        Assert.Equal(
            [
                ("Amount", TableColumnKind.Number),
                ("Items", TableColumnKind.Integer),
                ("Country", TableColumnKind.Category),
                ("Paid", TableColumnKind.Boolean),
                ("When", TableColumnKind.DateTime),
            ],
            table.Columns.Select(column => (column.Name, column.Kind))
        );
        Assert.True(table.Columns[0].HasMissing);
        Assert.Equal(["Id"], table.LeftOut.Select(column => column.Name));
        var rows = _ml.Data.CreateEnumerable<Judged>(model.Transform(keyed), reuseRowObject: false).ToList();
        var odd = rows.MaxBy(row => row.Score)!;
        Assert.Equal(77, rows.IndexOf(odd));
        Assert.True(odd.PredictedLabel);
        Assert.StartsWith("Amount = 9999", odd.Explanation, StringComparison.Ordinal);
        Assert.All(rows, row => Assert.InRange(row.PValue, 0, 1));
    }

    [Fact]
    public void What_has_no_cells_is_refused()
    {
        var data = _ml.Data.LoadFromEnumerable(Orders());
        Assert.Contains(
            "column 'Weight', which the data does not have",
            Refusal(Options(columns: ["Amount", "Weight"])),
            StringComparison.Ordinal
        );
        Assert.Contains("column 'Vector', which is of type Vector", Refusal(Options(columns: ["Vector"])), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => _ml.Latent().TrainTable(Options(columns: [])));

        string Refusal(TrainTableOptions options) =>
            Assert.Throws<LatentException>(() => _ml.Latent().TrainTable(options).Fit(data)).Message;
    }

    private LatentBundle BundleOf() => LatentBundle.Load(_folder.File("bundle"));

    private SchemaShape Shape() => _ml.Transforms.CustomMapping<Nothing, Order>((_, _) => { }, null).GetOutputSchema(new SchemaShape([]));

    private TrainTableOptions Options(IReadOnlyList<string>? columns = null) =>
        new()
        {
            Columns = columns,
            LabelColumn = "IsFraud",
            Run = new RunOptions { Output = _folder.File("bundle"), Threads = 1 },
            Engine = EngineKind.Managed,
        };

    // The amount follows from items and country; row 77 is labelled, and odd.
    private static Order[] Orders()
    {
        var random = new Random(3);
        return
        [
            .. Enumerable
                .Range(0, 400)
                .Select(i =>
                {
                    var (items, country) = (random.Next(1, 9), random.Next(3));
                    return new Order
                    {
                        Id = $"order-{i * 7919}",
                        Amount =
                            i == 77 ? 9999
                            : i % 50 == 0 ? float.NaN
                            : (items * (country + 1)) + (float)random.NextDouble(),
                        Items = items,
                        Country = ((string[])["DE", "FR", "NL"])[country],
                        Paid = random.Next(2) == 0,
                        When = new DateTime(2026, 1, 1).AddHours(random.Next(2000)),
                        IsFraud = i == 77,
                        Vector = [1, 2],
                    };
                }),
        ];
    }

    private sealed class Nothing;

    private sealed class Order
    {
        public string Id { get; set; } = "";

        public float Amount { get; set; }

        public int Items { get; set; }

        public string Country { get; set; } = "";

        public bool Paid { get; set; }

        public DateTime When { get; set; }

        public bool IsFraud { get; set; }

        [VectorType(2)]
        public float[] Vector { get; set; } = [];
    }

    private sealed class Judged
    {
        public float Score { get; set; }

        public bool PredictedLabel { get; set; }

        public float PValue { get; set; }

        public string Explanation { get; set; } = "";
    }
}

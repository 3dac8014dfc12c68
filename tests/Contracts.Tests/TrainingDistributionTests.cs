using Latent.Contracts.Tables;

namespace Latent.Contracts.Tests;

public sealed class TrainingDistributionTests
{
    private static readonly TableDescription s_table = new()
    {
        Columns =
        [
            new TableColumn
            {
                Name = "n",
                Position = 0,
                Kind = TableColumnKind.Number,
                Transform = new NumberTransform(),
            },
            new TableColumn
            {
                Name = "w",
                Position = 1,
                Kind = TableColumnKind.Category,
                Likelihood = ColumnLikelihood.Categorical,
                Levels = ["a", "b"],
            },
        ],
    };

    [Fact]
    public void Bins_have_a_twentieth_of_the_rows_each_and_levels_theirs()
    {
        float[] cells = [.. Enumerable.Range(0, 200).SelectMany(i => (float[])[i * 7 % 200, i % 4 - 2])];
        float[] codes = [.. Enumerable.Range(0, 200).SelectMany(i => (float[])[i, -i])];
        var training = TrainingDistribution.Of(s_table, cells, codes);
        Assert.Equal(Enumerable.Range(1, 19).Select(i => 10.0 * i - 1), training.Columns[0].Edges!);
        Assert.All(training.Columns[0].Counts, count => Assert.Equal(10, count));
        Assert.Equal([50L, 50L], training.Columns[1].Counts);
        Assert.Equal((50, 50), (training.Columns[1].Unseen, training.Columns[1].Missing));
        Assert.Null(training.Columns[1].Edges);
        Assert.Equal(2, training.Codes.Count);
        Assert.All(training.Codes, code => Assert.Equal((19, 200), (code.Edges!.Count, (int)code.Rows())));
    }

    [Fact]
    public void Values_that_many_rows_have_are_the_last_of_a_bin_and_missing_ones_are_counted()
    {
        float[] numbers =
        [
            .. Enumerable.Repeat(0f, 90),
            .. Enumerable.Range(1, 10).Select(i => (float)i),
            float.NaN,
            float.PositiveInfinity,
        ];
        float[] cells = [.. numbers.SelectMany(number => (float[])[number, 0])];
        var column = TrainingDistribution.Of(s_table, cells, []).Columns[0];
        Assert.Equal([0.0, 5.0], column.Edges!);
        Assert.Equal([90L, 5L, 5L], column.Counts);
        Assert.Equal((2, 102), (column.Missing, column.Rows()));
    }

    [Fact]
    public void A_column_of_missing_cells_has_no_edges()
    {
        var training = TrainingDistribution.Of(s_table, [float.NaN, 0], [float.NaN]);
        Assert.Empty(training.Columns[0].Edges!);
        Assert.Equal([0L], training.Columns[0].Counts);
        Assert.Equal(1, training.Columns[0].Missing);
        Assert.Throws<ArgumentException>(() => TrainingDistribution.Of(s_table, [], []));
        Assert.Throws<ArgumentException>(() => TrainingDistribution.Of(s_table, [1, 2, 3], []));
    }

    [Fact]
    public void What_no_export_writes_is_refused_in_a_sentence()
    {
        var right = TrainingDistribution.Of(s_table, [1, 0, 2, 1], [1, 2, 3, 4]);
        TableCheck.Check(right, s_table, 2, "m.json");
        Refused(right with { Columns = [right.Columns[0]] }, "training.columns is 1; it must be one for each of 2 columns (m.json).");
        Refused(right with { Codes = [] }, "training.codes is 0; it must be one for each of 2 dimensions");
        Refused(First(new ColumnDistribution { Counts = [1] }), "training.columns[0].edges is left out; it must be given for numbers");
        Refused(
            First(right.Columns[0] with { Edges = [2, 1], Counts = [0, 1, 1] }),
            "training.columns[0].edges is 2 numbers; it must be finite and ascending"
        );
        Refused(First(right.Columns[0] with { Counts = [2] }), "training.columns[0].counts is 1 numbers; it must be");
        Refused(First(right.Columns[0] with { Missing = -1 }), "training.columns[0].counts is");

        TrainingDistribution First(ColumnDistribution column) => right with { Columns = [column, right.Columns[1]] };

        void Refused(TrainingDistribution wrong, string message) =>
            Assert.StartsWith(message, Assert.Throws<LatentException>(() => TableCheck.Check(wrong, s_table, 2, "m.json")).Message);
    }
}

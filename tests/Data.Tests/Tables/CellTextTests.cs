using Latent.Contracts.Tables;
using Latent.Data.Tables;

namespace Latent.Data.Tests.Tables;

public sealed class CellTextTests
{
    private static readonly TableDescription s_table = new()
    {
        Columns =
        [
            Column("number", TableColumnKind.Number),
            Column("integer", TableColumnKind.Integer),
            Column("bits", TableColumnKind.Boolean),
            Column("word", TableColumnKind.Category) with
            {
                Levels = ["a", "b, \"c\""],
            },
            Column("date", TableColumnKind.DateTime) with
            {
                Origin = new DateTime(2019, 2, 25),
            },
        ],
    };

    [Theory]
    [InlineData(0, 1.5f, "1.5")]
    [InlineData(0, 0.1f, "0.1")]
    [InlineData(0, 16777216f, "16777216")]
    [InlineData(0, float.NaN, "")]
    [InlineData(1, 2.4f, "2")]
    [InlineData(1, -0.2f, "0")]
    [InlineData(1, 3e12f, "3000000053248")]
    [InlineData(1, float.NaN, "")]
    [InlineData(2, 1f, "1")]
    [InlineData(2, 0.25f, "0.25")]
    [InlineData(3, 0f, "a")]
    [InlineData(3, 1f, "b, \"c\"")]
    [InlineData(3, 2f, "")]
    [InlineData(3, TableDescription.Missing, "")]
    [InlineData(3, TableDescription.Unseen, "")]
    [InlineData(3, float.NaN, "")]
    [InlineData(4, 0f, "2019-02-25")]
    [InlineData(4, -1f, "2019-02-24")]
    [InlineData(4, 26.5f, "2019-03-23T12:00:00")]
    [InlineData(4, 1e30f, "")]
    [InlineData(4, float.NegativeInfinity, "")]
    [InlineData(4, float.NaN, "")]
    public void Cells_become_texts(int column, float cell, string text) => Assert.Equal(text, new CellText(s_table).Text(column, cell));

    [Fact]
    public void Texts_become_the_same_cells()
    {
        var (texts, cells) = (new CellText(s_table), new CellParser(s_table, '.'));
        foreach (var (column, cell) in ((int, float)[])[(0, 1f / 3), (0, 1e-30f), (1, 12345), (2, 1), (3, 1), (4, 17), (4, -3.25f)])
        {
            Assert.True(cells.TryParse(column, texts.Text(column, cell), out var read, out _));
            Assert.Equal(cell, read);
        }

        Assert.True(cells.TryParse(3, texts.Text(3, TableDescription.Missing), out var missing, out _));
        Assert.Equal(TableDescription.Missing, missing);
    }

    private static TableColumn Column(string name, TableColumnKind kind) =>
        new()
        {
            Name = name,
            Position = 0,
            Kind = kind,
        };
}

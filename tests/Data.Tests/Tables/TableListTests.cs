using Latent.Contracts;
using Latent.Data.Rows;
using Latent.Data.Tables;

namespace Latent.Data.Tests.Tables;

public sealed class TableListTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tables_of_a_folder_are_read_by_their_columns_names_whatever_their_form()
    {
        _folder.Write("in/a.csv", "x,y,id\n1,2,p\n3,4,q\n");
        _folder.Write("in/b/c.tsv", "id\ty\tx\nr\t6\t5\n");
        _folder.Write("in/b/d.csv.gz", TestFolder.Gzip("y;x;id\n8;7;s\n"u8.ToArray()));
        _folder.Write("in/.hidden.csv", "x,y,id\n0,0,0\n");
        _folder.Write("in/read.me", "Not a table.");
        using var source = Open([_folder["in"]], ["x", "y"], 2);
        Assert.Equal(["file", "id"], source.KeptNames);
        Assert.Equal([".hidden.csv", "read.me"], source.LeftOut.Select(file => file.Input));
        var batch = new RowBatch(100, 2, 0);
        Assert.True(source.Read(batch, TestContext.Current.CancellationToken));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], batch.Rows.ToArray());
        Assert.Equal([0, 1, 0, 0], batch.Positions[..4]);
        Assert.Equal(
            [
                [_folder["in/a.csv"], "p"],
                [_folder["in/a.csv"], "q"],
                [_folder["in/b/c.tsv"], "r"],
                [_folder["in/b/d.csv.gz"], "s"],
            ],
            batch.Kept[..4]
        );
        batch.Clear();
        Assert.False(source.Read(batch, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Files_and_patterns_are_read_in_the_order_that_they_are_said_in_and_in_the_pattern_by_name()
    {
        foreach (var name in (string[])["3.csv", "1.csv", "2.data"])
            _folder.Write(name, $"x,y,id\n{name[0]},0,i\n");
        Assert.Equal([3, 0, 1, 0, 2, 0], TestFolder.ReadAll(Open([_folder["3.csv"], _folder["1*"], _folder["?.data"]], null, 2)));
    }

    [Fact]
    public void A_table_that_cannot_be_read_or_not_further_is_one_skipped_input()
    {
        var cut = TestFolder.Gzip(
            System.Text.Encoding.UTF8.GetBytes(
                "x,y,id\n" + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i},{i * 7919 % 1000},i\n"))
            )
        );
        _folder.Write("1.csv", "x,y,id\n1,2,i\n");
        _folder.Write("2.csv", "x,z,id\n1,2,i\n");
        _folder.Write("3.csv.gz", cut[..^20]);
        _folder.Write("4.csv", "x,y,id\n8,9,i\n");
        var skipped = new List<SkippedInput>();
        var values = TestFolder.ReadAll(Open([_folder.Path], ["x", "y"], 2), skipped);
        Assert.Equal([1, 2, 0, 0, 1, 919], values[..6]);
        Assert.Equal([8, 9], values[^2..]);
        Assert.Equal([_folder["2.csv"], _folder["3.csv.gz"]], skipped.Select(file => file.Input));
        Assert.Contains("has no column 'y'", skipped[0].Reason);
        Assert.Contains("ends before its gzip trailer", skipped[1].Reason);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(20)]
    public void Each_table_belongs_to_one_part(int count)
    {
        for (var i = 0; i < 9; i++)
            _folder.Write($"{i}.csv", "x,y,id\n" + string.Concat(Enumerable.Repeat($"{i},0,i\n", 1 + i * i)));
        var whole = TestFolder.ReadAll(Open([_folder.Path], null, 2));
        Assert.Equal(2 * (9 + 204), whole.Length);
        Assert.Equal(
            whole,
            Enumerable.Range(1, count).SelectMany(i => TestFolder.ReadAll(Open([_folder.Path], null, 2, new Shard(i, count))))
        );
    }

    [Fact]
    public void What_can_be_no_list_of_tables_is_refused()
    {
        var table = _folder.Write("1.csv", "x,y,id\n1,2,i\n");
        Directory.CreateDirectory(_folder["none"]);
        Refuses("only one", [table, "-"]);
        Refuses("said twice", [table, Path.Combine(_folder.Path, ".", "1.csv")]);
        Refuses("holds no table", [_folder["none"]]);
        Refuses("does not exist", [_folder["nothing"] + "/*.csv"]);
        Refuses("is an array", [table, _folder.Write("2.npy", [0x93, .. "NUMPY"u8, 1, 0])]);

        void Refuses(string reason, string[] inputs) =>
            Assert.Contains(reason, Assert.Throws<LatentException>(() => Open(inputs, null, 2).Dispose()).Message);
    }

    [Fact]
    public void A_link_to_a_table_of_the_folder_is_left_out_and_one_to_another_is_read()
    {
        var table = _folder.Write("in/b.csv", "x,y,id\n1,2,i\n");
        _folder.Write("other.csv", "x,y,id\n3,4,i\n");
        File.CreateSymbolicLink(_folder["in/a.csv"], "b.csv");
        File.CreateSymbolicLink(_folder["in/c.csv"], "../other.csv");
        File.CreateSymbolicLink(_folder["in/d.csv"], "../other.csv");
        using var source = Open([_folder["in"]], null, 2);
        Assert.Equal([_folder["in/a.csv"], _folder["in/d.csv"]], source.LeftOut.Select(file => file.Input));
        Assert.EndsWith($"leads to the table {table}; each table is read once.", source.LeftOut[0].Reason);
        Assert.Equal([1, 2, 3, 4], TestFolder.ReadAll(source));
    }

    [Fact]
    public void Tables_to_learn_from_must_have_the_firsts_columns()
    {
        _folder.Write("1.csv", "x,y\n1,2\n3,4\n");
        _folder.Write("2.csv", "y,x\n6,5\n");
        Assert.Equal(
            [1, 2, 3, 4, 5, 6],
            TestFolder.ReadAll(TableList.Open([_folder.Path], new TableOptions(), null, null, Shard.Whole, 16))
        );
        _folder.Write("3.csv", "x,z\n6,5\n");
        using var source = TableList.Open([_folder.Path], new TableOptions(), null, null, Shard.Whole, 16);
        Assert.Contains("3.csv has no column 'y'", Assert.Throws<LatentException>(() => TestFolder.ReadAll(source)).Message);
    }

    private static RowSource Open(string[] inputs, string[]? modelColumns, int length, Shard? shard = null) =>
        TableList.Open(inputs, new TableOptions { Keep = ["id"] }, modelColumns, length, shard ?? Shard.Whole, 16);
}

using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.ML.Tests;

public class RowTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Numbers(int count = 100) =>
        _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count)
            .Select(i => new Number { Index = i, Value = i % 7 == 0 ? float.NaN : i, Pair = [i, -i] }).ToArray());

    [Fact]
    public void Skip_and_take_cut_rows()
    {
        var cut = _ml.Data.TakeRows(_ml.Data.SkipRows(Numbers(), 10), 5);

        Assert.Equal([10, 11, 12, 13, 14], cut.GetColumn<int>("Index"));
        Assert.Equal([10, 11, 12, 13, 14], cut.GetColumn<int>("Index"));
        Assert.Equal([98, 99], _ml.Data.SkipRows(Numbers(), 98).GetColumn<int>("Index"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.TakeRows(Numbers(), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.SkipRows(Numbers(), 0));
        Assert.Equal(100, _ml.Data.TakeRows(Numbers(), 1000).GetColumn<int>("Index").Count());
    }

    [Fact]
    public void Filters_keep_what_lies_between_their_bounds()
    {
        var filtered = _ml.Data.FilterRowsByColumn(Numbers(), "Value", 3, 6);

        Assert.Equal([3, 4, 5], filtered.GetColumn<int>("Index"));
        Assert.Null(filtered.GetRowCount());
        Assert.Equal([.. Enumerable.Range(90, 10).Where(i => i % 7 != 0)],
            _ml.Data.FilterRowsByColumn(Numbers(), "Value", 90).GetColumn<int>("Index"));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByColumn(Numbers(), "Index", 3, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByColumn(Numbers(), "Value", 6, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Data.FilterRowsByColumn(Numbers(), "Absent", 3, 6));
    }

    [Fact]
    public void Columns_that_only_a_filter_reads_are_not_active()
    {
        var filtered = _ml.Data.FilterRowsByColumn(Numbers(), "Value", 3, 6);
        using var cursor = filtered.GetRowCursor([filtered.Schema["Index"]]);

        Assert.True(cursor.IsColumnActive(filtered.Schema["Index"]));
        Assert.False(cursor.IsColumnActive(filtered.Schema["Value"]));
    }

    [Fact]
    public void Rows_with_missing_values_are_dropped()
    {
        var whole = _ml.Data.FilterRowsByMissingValues(Numbers(), "Value");

        Assert.Equal([.. Enumerable.Range(0, 100).Where(i => i % 7 != 0)], whole.GetColumn<int>("Index"));
        Assert.Equal(100, _ml.Data.FilterRowsByMissingValues(Numbers(), "Pair").GetColumn<int>("Index").Count());
    }

    [Fact]
    public void A_predicate_says_which_rows_go() =>
        Assert.Equal([0, 1, 2], _ml.Data.FilterByCustomPredicate<Number>(Numbers(), number => number.Index > 2).GetColumn<int>("Index"));

    [Fact]
    public void Shuffling_keeps_all_rows_and_columns_together()
    {
        var shuffled = _ml.Data.ShuffleRows(Numbers(), seed: 5, shufflePoolSize: 10);
        var rows = _ml.Data.CreateEnumerable<Number>(shuffled, reuseRowObject: false).ToArray();

        Assert.NotEqual(Enumerable.Range(0, 100), rows.Select(row => row.Index));
        Assert.Equal(Enumerable.Range(0, 100), rows.Select(row => row.Index).Order());
        Assert.All(rows, row => Assert.Equal([row.Index, -row.Index], row.Pair));
        Assert.True(shuffled.CanShuffle);
        Assert.Equal(100, shuffled.GetRowCount());
    }

    [Fact]
    public void A_cache_reads_its_source_once_and_only_when_a_cursor_moves()
    {
        var reads = 0;
        var source = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 50).Select(i =>
        {
            Interlocked.Increment(ref reads);
            return new Number { Index = i, Pair = [i, -i] };
        }));
        var cache = _ml.Data.Cache(source);
        Assert.Equal(0, reads);

        Assert.Equal(Enumerable.Range(0, 50), cache.GetColumn<int>("Index"));
        Assert.Equal(Enumerable.Range(0, 50), cache.GetColumn<int>("Index"));
        Assert.Equal(50, reads);
        Assert.Equal(50, cache.GetRowCount());
        Assert.True(cache.CanShuffle);
        Assert.Equal([49, -49], cache.GetColumn<float[]>("Pair").Last());
    }

    [Fact]
    public void Cursor_sets_have_every_row_once()
    {
        var cache = _ml.Data.Cache(Numbers(1000));
        var copied = _ml.Transforms.CopyColumns("Copy", "Index").Fit(cache).Transform(cache);
        var cursors = copied.GetRowCursorSet(copied.Schema, 3);
        var seen = new List<int>();
        foreach (var cursor in cursors)
        {
            using var open = cursor;
            var getter = open.GetGetter<int>(copied.Schema["Copy"]);
            var value = 0;
            while (open.MoveNext())
            {
                getter(ref value);
                seen.Add(value);
            }
        }

        Assert.Equal(Enumerable.Range(0, 1000), seen.Order());
    }

    [Fact]
    public void A_split_puts_every_row_on_one_side()
    {
        var split = _ml.Data.TrainTestSplit(Numbers(1000), testFraction: 0.25, seed: 3);
        int[] train = [.. split.TrainSet.GetColumn<int>("Index")], test = [.. split.TestSet.GetColumn<int>("Index")];

        Assert.InRange(test.Length, 200, 300);
        Assert.Equal(Enumerable.Range(0, 1000), train.Concat(test).Order());
        Assert.Equal(test, split.TestSet.GetColumn<int>("Index"));
        Assert.Equal(split.TrainSet.Schema.Count, Numbers().Schema.Count);
    }

    [Fact]
    public void Views_are_read_from_several_threads()
    {
        var view = _ml.Transforms.NormalizeMinMax("Pair").Fit(Numbers()).Transform(_ml.Data.Cache(Numbers()));
        var sums = new double[8];
        Parallel.For(0, sums.Length, i => sums[i] = view.GetColumn<float[]>("Pair").Sum(pair => pair[0]));

        Assert.All(sums, sum => Assert.Equal(sums[0], sum));
        Assert.Equal(50, sums[0], 1e-3);
    }

    [Fact]
    public void Columns_are_read_as_arrays_strings_and_buffers()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new Texts { Name = "n", Words = ["a", "b"] } });

        Assert.Equal(["n"], data.GetColumn<string>("Name"));
        Assert.Equal(["a", "b"], data.GetColumn<string[]>("Words").Single());
        Assert.Equal(2, data.GetColumn<VBuffer<ReadOnlyMemory<char>>>("Words").Single().Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => data.GetColumn<int>("Name"));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.GetColumn<int>("Absent"));
    }

    [Fact]
    public void Previews_show_the_first_rows()
    {
        var preview = Numbers().Preview(maxRows: 3);

        Assert.Equal(3, preview.RowView.Length);
        Assert.Equal([0, 1, 2], preview.ColumnView.Single(column => column.Column.Name == "Index").Values.Cast<int>());
        Assert.Equal("3 columns, 3 rows", preview.ToString());
    }

    [Fact]
    public void Values_can_not_be_read_before_the_first_row()
    {
        var view = Numbers();
        using var cursor = view.GetRowCursor(view.Schema);
        var getter = cursor.GetGetter<int>(view.Schema["Index"]);
        var value = 0;

        Assert.Equal(-1, cursor.Position);
        Assert.ThrowsAny<Exception>(() => getter(ref value));
    }

    private sealed class Number
    {
        public int Index { get; set; }

        public float Value { get; set; }

        [VectorType(2)]
        public float[] Pair { get; set; } = [];
    }

    private sealed class Texts
    {
        public string Name { get; set; } = "";

        public string[] Words { get; set; } = [];
    }
}

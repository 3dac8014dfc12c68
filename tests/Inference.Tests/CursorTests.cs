using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Tests;

public sealed class CursorTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly LatentBundle _bundle = LatentBundle.Load(TestBundles.Table);
    private readonly float[][] _rows = Rows.Table(1000);

    public void Dispose() => _bundle.Dispose();

    private IDataView Data => _ml.Data.LoadFromEnumerable(TableRow.From(_rows).ToArray());

    private Dictionary<string, float[]> Expected =>
        _rows
            .Zip(Rows.Raw(TestBundles.Table, "encoder", "latent_mean", _rows))
            .Select((p, i) => (i, p.Second))
            .ToDictionary(p => $"row {p.i}", p => p.Second);

    private IDataView Encode(IDataView data, int batch = 64) =>
        _ml.Latent().Encode(_bundle, new EncodeOptions { BatchSize = batch }).Fit(data).Transform(data);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_set_of_cursors_gives_every_row_once(int count)
    {
        var encoded = Encode(_ml.Data.Cache(Data));
        var found = new Dictionary<string, float[]>();
        foreach (var cursor in encoded.GetRowCursorSet(encoded.Schema, count))
        {
            using (cursor)
                Collect(cursor, found);
        }

        AssertSame(Expected, found);
    }

    [Fact]
    public void Shuffled_rows_keep_their_codes()
    {
        var shuffled = Encode(_ml.Data.ShuffleRows(Data, seed: 5));
        var found = new Dictionary<string, float[]>();
        using var cursor = shuffled.GetRowCursor(shuffled.Schema);
        Collect(cursor, found);
        AssertSame(Expected, found);
        Assert.NotEqual("row 0", found.Keys.First());
    }

    [Fact]
    public void Cached_taken_and_skipped_rows_keep_their_codes()
    {
        var encoded = _ml.Data.Cache(Encode(Data));
        Assert.Equal(1000, encoded.GetRowCount());
        var part = _ml.Data.TakeRows(_ml.Data.SkipRows(encoded, 100), 70);
        var before = Encode(_ml.Data.TakeRows(_ml.Data.SkipRows(Data, 100), 70));
        foreach (var view in (IDataView[])[part, before])
        {
            var found = new Dictionary<string, float[]>();
            using var cursor = view.GetRowCursor(view.Schema);
            Collect(cursor, found);
            AssertSame(Expected.Skip(100).Take(70).ToDictionary(), found);
        }
    }

    [Fact]
    public void A_view_can_be_read_from_several_threads_at_once()
    {
        var encoded = Encode(Data);
        var expected = Expected;
        Parallel.For(
            0,
            8,
            _ =>
            {
                var found = new Dictionary<string, float[]>();
                using var cursor = encoded.GetRowCursor(encoded.Schema);
                Collect(cursor, found);
                AssertSame(expected, found);
            }
        );
    }

    [Fact]
    public void Nothing_is_read_before_a_cursor_moves_and_little_ahead()
    {
        var read = 0;
        var data = _ml.Data.LoadFromEnumerable(
            TableRow
                .From(_rows)
                .Select(row =>
                {
                    read++;
                    return row;
                })
        );
        var encoded = Encode(data, 10);
        Assert.Equal(0, read);
        using var cursor = encoded.GetRowCursor(encoded.Schema);
        Assert.Equal(0, read);
        Assert.True(cursor.MoveNext());
        Assert.InRange(read, 10, 11);
        for (var row = 1; row <= 10; row++)
            Assert.True(cursor.MoveNext());
        // Two batches a processor, and one for whoever reads.
        Assert.InRange(read, 20, 10 * (2 + Math.Max(3, (2 * Environment.ProcessorCount) + 1)));
    }

    [Fact]
    public void A_row_that_cannot_be_read_is_told_when_the_rows_before_it_were_handed_out()
    {
        foreach (var bad in (int[])[0, 5, 10, 47])
        {
            var data = _ml.Data.LoadFromEnumerable(
                TableRow.From(_rows).Select((row, i) => i == bad ? throw new InvalidDataException($"row {i} is bad") : row)
            );
            var encoded = Encode(data, 10);
            using var cursor = encoded.GetRowCursor(encoded.Schema);
            for (var row = 0; row < bad; row++)
                Assert.True(cursor.MoveNext());
            // ML.NET wraps what an enumerable throws, or doesn't.
            for (var again = 0; again < 2; again++)
                Assert.Contains($"row {bad} is bad", Assert.ThrowsAny<Exception>(() => cursor.MoveNext()).ToString());
        }
    }

    [Fact]
    public void A_cursor_may_be_left_at_any_row()
    {
        var encoded = Encode(Data, 10);
        for (var rows = 0; rows < 60; rows++)
        {
            using var cursor = encoded.GetRowCursor(encoded.Schema);
            for (var row = 0; row < rows; row++)
                Assert.True(cursor.MoveNext());
        }
    }

    [Fact]
    public async Task Cursors_on_every_thread_of_the_pool_do_not_wait_for_the_pool()
    {
        var encoded = Encode(Data, 10);
        var expected = Expected;
        ThreadPool.GetMinThreads(out var threads, out var others);
        using var all = new Barrier(4 * threads);
        var readers = Enumerable
            .Range(0, 4 * threads)
            .Select(_ =>
                Task.Run(() =>
                {
                    all.SignalAndWait();
                    var found = new Dictionary<string, float[]>();
                    using var cursor = encoded.GetRowCursor(encoded.Schema);
                    Collect(cursor, found);
                    AssertSame(expected, found);
                })
            );
        // The pool grows by a thread or two a second beyond this number, too slowly for a barrier.
        ThreadPool.SetMinThreads(4 * threads, others);
        try
        {
            await Task.WhenAll(readers).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        }
        finally
        {
            ThreadPool.SetMinThreads(threads, others);
        }
    }

    [Fact]
    public void Rows_without_our_columns_are_not_read_ahead()
    {
        var read = 0;
        var data = _ml.Data.LoadFromEnumerable(
            TableRow
                .From(_rows)
                .Select(row =>
                {
                    read++;
                    return row;
                })
        );
        var encoded = Encode(data);
        using var cursor = encoded.GetRowCursor([encoded.Schema["Name"]]);
        Assert.True(cursor.MoveNext());
        Assert.InRange(read, 1, 2);
        Assert.False(cursor.IsColumnActive(encoded.Schema["Code"]));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<VBuffer<float>>(encoded.Schema["Code"]));
    }

    [Fact]
    public void A_getter_outside_the_rows_is_refused()
    {
        var encoded = Encode(Data);
        using var cursor = encoded.GetRowCursor(encoded.Schema);
        var getter = cursor.GetGetter<VBuffer<float>>(encoded.Schema["Code"]);
        var value = default(VBuffer<float>);
        Assert.Equal(-1, cursor.Position);
        Assert.Throws<InvalidOperationException>(() => getter(ref value));
        while (cursor.MoveNext()) { }

        Assert.Throws<InvalidOperationException>(() => getter(ref value));
        Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<float>(encoded.Schema["Code"]));
    }

    [Fact]
    public void An_empty_table_gives_an_empty_table()
    {
        var data = _ml.Data.LoadFromEnumerable<TableRow>([]);
        Assert.Empty(Rows.Vectors(Encode(data), "Code"));
    }

    [Fact]
    public void Draws_depend_on_the_seed_and_the_row_alone()
    {
        var data = _ml.Data.Cache(Data);
        var expected = Draws(data, 64, 1, seed: 9);
        foreach (var (batch, cursors) in ((int, int)[])[(1, 1), (7, 3), (256, 2)])
        {
            var found = Draws(data, batch, cursors, seed: 9);
            AssertSame(expected, found);
        }

        var shuffled = Draws(_ml.Data.ShuffleRows(data, seed: 2), 33, 1, seed: 9);
        AssertSame(expected, shuffled);
        Assert.NotEqual(expected["row 3"], Draws(data, 64, 1, seed: 10)["row 3"]);
        Assert.NotEqual(expected["row 3"], expected["row 4"]);
    }

    [Fact]
    public void Draws_have_the_means_and_variances_of_the_encoder()
    {
        var same = Enumerable.Repeat(_rows[0], 20_000).ToArray();
        var data = _ml.Data.LoadFromEnumerable(TableRow.From(same));
        var draws = Rows.Vectors(_ml.Latent().Sample(_bundle, seed: 4).Fit(data).Transform(data), "Sample");
        var mean = Rows.Raw(TestBundles.Table, "encoder", "latent_mean", [_rows[0]])[0];
        var logVariance = Rows.Raw(TestBundles.Table, "encoder", "latent_log_variance", [_rows[0]])[0];
        for (var i = 0; i < 3; i++)
        {
            var values = draws.Select(d => (double)d[i]).ToArray();
            var average = values.Average();
            var deviation = Math.Sqrt(Math.Exp(logVariance[i]));
            Assert.InRange((average - mean[i]) / deviation * Math.Sqrt(values.Length), -4, 4);
            Assert.InRange(values.Average(v => (v - average) * (v - average)) / Math.Exp(logVariance[i]), 0.96, 1.04);
        }
    }

    private Dictionary<string, float[]> Draws(IDataView data, int batch, int cursors, long seed)
    {
        var sampled = _ml.Latent()
            .Sample(
                _bundle,
                new SampleOptions
                {
                    OutputColumn = "Code",
                    BatchSize = batch,
                    Seed = seed,
                }
            )
            .Fit(data)
            .Transform(data);
        var found = new Dictionary<string, float[]>();
        foreach (var cursor in sampled.GetRowCursorSet(sampled.Schema, cursors))
        {
            using (cursor)
                Collect(cursor, found);
        }

        return found;
    }

    private static void Collect(DataViewRowCursor cursor, Dictionary<string, float[]> found)
    {
        var code = cursor.GetGetter<VBuffer<float>>(cursor.Schema["Code"]);
        var name = cursor.GetGetter<ReadOnlyMemory<char>>(cursor.Schema["Name"]);
        var (codeValue, nameValue) = (default(VBuffer<float>), default(ReadOnlyMemory<char>));
        while (cursor.MoveNext())
        {
            name(ref nameValue);
            code(ref codeValue);
            found.Add(nameValue.ToString(), [.. codeValue.DenseValues()]);
        }
    }

    private static void AssertSame(Dictionary<string, float[]> expected, Dictionary<string, float[]> found)
    {
        Assert.Equal(expected.Count, found.Count);
        foreach (var (name, code) in expected)
            Assert.Equal(code, found[name], (a, b) => Math.Abs(a - b) <= 1e-5f);
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Tests;

public sealed class PassthroughTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly LatentBundle _bundle = LatentBundle.Load(TestBundles.Table);

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void Columns_of_every_type_pass_through_untouched()
    {
        var random = new Random(3);
        var rows = Rows.Table(37)
            .Select(
                (features, i) =>
                    new Everything
                    {
                        Features = features,
                        Bool = i % 3 == 0,
                        SByte = (sbyte)(i - 5),
                        Byte = (byte)i,
                        Short = (short)(-i),
                        UShort = (ushort)(i * 7),
                        Int = i * 1001,
                        UInt = (uint)i,
                        Long = i * -1_000_000_007L,
                        ULong = ulong.MaxValue - (ulong)i,
                        Float = i / 3f,
                        Double = i / 7d,
                        Text = $"row {i}",
                        Time = TimeSpan.FromSeconds(i),
                        Date = new DateTime(2020, 1, 1).AddHours(i),
                        Offset = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.FromHours(2)).AddDays(i),
                        Key = (uint)(i % 5 + 1),
                        Ints = [i, i + 1, i + 2],
                        Texts = [.. Enumerable.Range(0, random.Next(4)).Select(k => $"{i}.{k}")],
                        Numbers = [.. Enumerable.Range(0, random.Next(5)).Select(k => k / 2d)],
                    }
            )
            .ToArray();
        var data = _ml.Data.LoadFromEnumerable(rows);
        var encoded = _ml.Latent().Encode(_bundle, new EncodeOptions { BatchSize = 8 }).Fit(data).Transform(data);

        // The very values, column by column, whatever a column's type is.
        using var before = data.GetRowCursor(data.Schema);
        using var after = encoded.GetRowCursor(encoded.Schema);
        var compare = data.Schema.Select(c => Comparer(before, c, after, encoded.Schema[c.Name])).ToArray();
        var count = 0;
        while (before.MoveNext())
        {
            Assert.True(after.MoveNext());
            foreach (var check in compare)
                check();
            count++;
        }

        Assert.False(after.MoveNext());
        Assert.Equal(37, count);

        var back = _ml.Data.CreateEnumerable<Everything>(encoded, reuseRowObject: false).ToArray();
        var direct = _ml.Data.CreateEnumerable<Everything>(data, reuseRowObject: false);
        Assert.Equal(direct.Select(r => (r.Text, r.Date, r.Offset, r.Key)), back.Select(r => (r.Text, r.Date, r.Offset, r.Key)));
        Assert.Equal(rows.Select(r => r.Texts), back.Select(r => r.Texts));
    }

    [Fact]
    public void Sparse_vectors_are_read_as_dense_ones()
    {
        var rows = Enumerable.Range(0, 10).Select(i => new SparseRow { Features = new VBuffer<float>(6, 2, [i, 2f], [1, 4]) }).ToArray();
        var data = _ml.Data.LoadFromEnumerable(rows);
        var dense = rows.Select(r => r.Features.DenseValues().ToArray()).ToArray();
        var encoded = _ml.Latent().Encode(_bundle).Fit(data).Transform(data);
        Assert.Equal(Rows.Raw(TestBundles.Table, "encoder", "latent_mean", dense), Rows.Vectors(encoded, "Code"));
        Assert.Equal(dense, Rows.Vectors(encoded, "Features"));
    }

    [Fact]
    public void Images_pass_through_as_the_same_objects()
    {
        using var image = MLImage.CreateFromPixels(2, 3, MLPixelFormat.Bgra32, new byte[24]);
        var rows = Rows.Table(5).Select(r => new ImageAndTable { Features = r, ImageRow = image }).ToArray();
        var data = _ml.Data.LoadFromEnumerable(rows);
        var encoded = _ml.Latent().Encode(_bundle).Fit(data).Transform(data);
        for (var pass = 0; pass < 2; pass++)
            Assert.All(_ml.Data.CreateEnumerable<ImageAndTable>(encoded, false), r => Assert.Same(image, r.ImageRow));
        Assert.Equal(5, _ml.Data.CreateEnumerable<ImageAndTable>(encoded, false).Count());
    }

    private static Action Comparer(DataViewRow before, DataViewSchema.Column source, DataViewRow after, DataViewSchema.Column target)
    {
        Assert.Equal(source.Type, target.Type);
        var raw = source.Type.RawType;
        return (Action)
            typeof(PassthroughTests)
                .GetMethod(nameof(Compare), System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
                .MakeGenericMethod(raw)
                .Invoke(null, [before, source, after, target])!;
    }

    private static Action Compare<T>(DataViewRow before, DataViewSchema.Column source, DataViewRow after, DataViewSchema.Column target)
    {
        var (expected, actual) = (before.GetGetter<T>(source), after.GetGetter<T>(target));
        return () =>
        {
            T a = default!,
                b = default!;
            expected(ref a);
            actual(ref b);
            Assert.Equal(Plain(a), Plain(b));
        };
    }

    private static object Plain(object? value) =>
        value switch
        {
            ReadOnlyMemory<char> text => text.ToString(),
            VBuffer<float> v => v.DenseValues().ToArray(),
            VBuffer<int> v => v.DenseValues().ToArray(),
            VBuffer<double> v => v.DenseValues().ToArray(),
            VBuffer<ReadOnlyMemory<char>> v => v.DenseValues().Select(t => t.ToString()).ToArray(),
            _ => value!,
        };

    private sealed class SparseRow
    {
        [VectorType(6)]
        public VBuffer<float> Features { get; set; }
    }

    private sealed class ImageAndTable
    {
        [VectorType(6)]
        public float[] Features { get; set; } = [];

        [Microsoft.ML.Transforms.Image.ImageType(3, 2)]
        public MLImage ImageRow { get; set; } = null!;
    }

    private sealed class Everything
    {
        [VectorType(6)]
        public float[] Features { get; set; } = [];

        public bool Bool { get; set; }

        public sbyte SByte { get; set; }

        public byte Byte { get; set; }

        public short Short { get; set; }

        public ushort UShort { get; set; }

        public int Int { get; set; }

        public uint UInt { get; set; }

        public long Long { get; set; }

        public ulong ULong { get; set; }

        public float Float { get; set; }

        public double Double { get; set; }

        public string Text { get; set; } = "";

        public TimeSpan Time { get; set; }

        public DateTime Date { get; set; }

        public DateTimeOffset Offset { get; set; }

        [KeyType(5)]
        public uint Key { get; set; }

        [VectorType(3)]
        public int[] Ints { get; set; } = [];

        public string[] Texts { get; set; } = [];

        public double[] Numbers { get; set; } = [];
    }
}

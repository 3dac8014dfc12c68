using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.ML.Tests;

public sealed class ConversionTests
{
    private readonly MLContext _ml = new(seed: 1);

    private IDataView Data => _ml.Data.LoadFromEnumerable([new Row()]);

    private IDataView Converted(string column, DataKind kind) =>
        _ml.Transforms.Conversion.ConvertType("Out", column, kind).Fit(Data).Transform(Data);

    private T Value<T>(string column, DataKind kind) => Converted(column, kind).GetColumn<T>("Out").Single();

    [Fact]
    public void Text_that_says_nothing_is_zero_missing_or_false()
    {
        Assert.Equal(0, Value<float>("Empty", DataKind.Single));
        Assert.Equal(0, Value<int>("Empty", DataKind.Int32));
        Assert.Equal(float.NaN, Value<float>("Word", DataKind.Single));
        Assert.Equal(0u, Value<uint>("Word", DataKind.UInt32));
        Assert.Equal(0, Value<byte>("Large", DataKind.Byte));
        Assert.False(Value<bool>("Large", DataKind.Boolean));
        Assert.Equal(default, Value<DateTime>("Word", DataKind.DateTime));
    }

    [Fact]
    public void Text_that_is_no_signed_number_is_refused()
    {
        Assert.Throws<InvalidOperationException>(() => Value<int>("Word", DataKind.Int32));
        Assert.Throws<InvalidOperationException>(() => Value<sbyte>("Large", DataKind.SByte));
        Assert.Equal(300, Value<short>("Large", DataKind.Int16));
    }

    [Fact]
    public void Reals_become_text_of_seven_and_seventeen_digits()
    {
        Assert.Equal("0.3333333", Value<string>("Third", DataKind.String));
        Assert.Equal("0.10000000000000001", Value<string>("Tenth", DataKind.String));
    }

    [Fact]
    public void Dates_in_text_are_universal()
    {
        var date = Value<DateTime>("Date", DataKind.DateTime);

        Assert.Equal(new(2020, 1, 2, 1, 4, 5), date);
        Assert.Equal(DateTimeKind.Utc, date.Kind);
    }

    [Fact]
    public void Times_become_ticks_and_text()
    {
        var row = new Row();

        Assert.Equal(row.Time.Ticks, Value<long>("Time", DataKind.Int64));
        Assert.Equal((float)row.Time.Ticks, Value<float>("Time", DataKind.Single));
        Assert.Equal((double)row.Span.Ticks, Value<double>("Span", DataKind.Double));
        Assert.Equal(row.Moment.UtcTicks, Value<long>("Moment", DataKind.Int64));
        Assert.Equal("2020-01-02T03:04:05.0000000Z", Value<string>("Time", DataKind.String));
        Assert.Equal("2020-01-02T03:04:05.0000000+02:00", Value<string>("Moment", DataKind.String));
        Assert.Equal("1.02:03:04.5670000", Value<string>("Span", DataKind.String));
        Assert.Equal(row.Time, Value<DateTime>("Time", DataKind.DateTime));
        Assert.Throws<ArgumentOutOfRangeException>(() => Value<int>("Time", DataKind.Int32));
        Assert.Throws<ArgumentOutOfRangeException>(() => Value<DateTimeOffset>("Moment", DataKind.DateTimeOffset));
        Assert.Throws<ArgumentOutOfRangeException>(() => Value<TimeSpan>("Span", DataKind.TimeSpan));
    }

    [Fact]
    public void Keys_stay_keys_of_the_same_values()
    {
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Key", "Word").Append(_ml.Transforms.Conversion.ConvertType("Out", "Key", DataKind.UInt64))
            .Fit(Data).Transform(Data);

        Assert.Equal(new KeyDataViewType(typeof(ulong), 1), keyed.Schema["Out"].Type);
        Assert.True(keyed.Schema["Out"].HasKeyValues());
        Assert.Equal([1ul], keyed.GetColumn<ulong>("Out"));
        Assert.Equal(new KeyDataViewType(typeof(uint), 5), Converted("Key", DataKind.UInt32).Schema["Out"].Type);
        Assert.Throws<ArgumentOutOfRangeException>(() => Converted("Key", DataKind.Single));
    }

    [Fact]
    public void Numbers_too_large_are_zero_where_unsigned_and_cut_where_signed()
    {
        Assert.Equal(0, Value<ushort>("Unsigned", DataKind.UInt16));
        Assert.Equal(0u, Value<uint>("Unsigned", DataKind.UInt32));
        Assert.Equal(300, Value<int>("Signed", DataKind.Int32));
        Assert.Equal(44, Value<sbyte>("Signed", DataKind.SByte));
    }

    [Fact]
    public void Flags_become_normalized_numbers() => Assert.True(Converted("Flag", DataKind.Single).Schema["Out"].IsNormalized());

    private sealed class Row
    {
        public string Empty { get; set; } = "";

        public string Word { get; set; } = "abc";

        public string Large { get; set; } = "300";

        public string Date { get; set; } = "2020-01-02T03:04:05+02:00";

        public float Third { get; set; } = 1 / 3f;

        public double Tenth { get; set; } = 0.1;

        public DateTime Time { get; set; } = new(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc);

        public DateTimeOffset Moment { get; set; } = new(2020, 1, 2, 3, 4, 5, TimeSpan.FromHours(2));

        public TimeSpan Span { get; set; } = new(1, 2, 3, 4, 567);

        public bool Flag { get; set; } = true;

        public long Signed { get; set; } = (1L << 33) + 300;

        public ulong Unsigned { get; set; } = (1UL << 33) + 300;

        [KeyType(5)]
        public uint Key { get; set; } = 3;
    }
}

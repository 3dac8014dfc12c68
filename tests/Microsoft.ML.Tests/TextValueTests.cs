using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.ML.Tests;

public sealed class TextValueTests : TextFileTests
{
    [Theory]
    [InlineData("abc")]
    [InlineData("1.5")]
    [InlineData("+5")]
    [InlineData("5 ")]
    [InlineData("-")]
    [InlineData("?")]
    [InlineData("3000000000")]
    public void What_is_no_whole_number_is_refused(string text)
    {
        var error = Assert.Throws<FormatException>(() => First<int>($"1\n{text},x\n", DataKind.Int32));

        Assert.Contains(text, error.Message);
        Assert.Contains("line 2", error.Message);
        Assert.Contains("Value", error.Message);
    }

    [Fact]
    public void What_does_not_fit_a_type_is_refused()
    {
        Assert.Throws<FormatException>(() => First<sbyte>("128\n", DataKind.SByte));
        Assert.Throws<FormatException>(() => First<byte>("256\n", DataKind.Byte));
        Assert.Throws<FormatException>(() => First<byte>("-1\n", DataKind.Byte));
        Assert.Throws<FormatException>(() => First<bool>("maybe\n", DataKind.Boolean));
        Assert.Throws<FormatException>(() => First<bool>("true ,x\n", DataKind.Boolean));
        Assert.Throws<FormatException>(() => First<DateTime>("soon\n", DataKind.DateTime));
        Assert.Throws<FormatException>(() => First<DateTimeOffset>("soon\n", DataKind.DateTimeOffset));
        Assert.Throws<FormatException>(() => First<TimeSpan>("soon\n", DataKind.TimeSpan));
    }

    [Fact]
    public void Values_at_the_ends_of_their_types_are_read()
    {
        Assert.Equal([sbyte.MinValue, sbyte.MaxValue], First<sbyte>("-128\n127\n", DataKind.SByte));
        Assert.Equal([long.MinValue, long.MaxValue], First<long>($"{long.MinValue}\n{long.MaxValue}\n", DataKind.Int64));
        Assert.Equal([ulong.MaxValue], First<ulong>($"{ulong.MaxValue}\n", DataKind.UInt64));
    }

    [Fact]
    public void Empty_fields_are_defaults()
    {
        Assert.Equal([1, 0], First<int>("1\n,x\n", DataKind.Int32));
        Assert.Equal([1u, 0], First<uint>("1\n,x\n", DataKind.UInt32));
        Assert.Equal([true, false], First<bool>("1\n,x\n", DataKind.Boolean));
        Assert.Equal([default(DateTime)], First<DateTime>(",x\n", DataKind.DateTime));
    }

    [Fact]
    public void Flags_have_many_words() =>
        Assert.Equal([true, true, true, true, false, false, false, false],
            First<bool>("yes\nT\n+1\n+\nNO\nf\n-1\n-\n", DataKind.Boolean));

    [Fact]
    public void An_unreadable_item_of_a_vector_is_refused_by_its_slot()
    {
        var data = ML.Data.LoadFromTextFile(Write("rows.csv", "# about\n\n1,2\n// note\n3,x\n"), [new("Pair", DataKind.Int32, 0, 1)], ',');

        var error = Assert.Throws<FormatException>(() => data.GetColumn<int[]>("Pair").ToArray());
        Assert.Contains("line 5", error.Message);
        Assert.Contains("Pair", error.Message);
    }

    [Fact]
    public void Dates_are_universal()
    {
        const string Text = "2020-01-02 03:04:05\n2020-01-02T03:04:05+02:00\n";
        var dates = First<DateTime>(Text, DataKind.DateTime);

        Assert.Equal([new(2020, 1, 2, 3, 4, 5), new(2020, 1, 2, 1, 4, 5)], dates);
        Assert.All(dates, date => Assert.Equal(DateTimeKind.Utc, date.Kind));
        Assert.Equal([TimeSpan.Zero, TimeSpan.FromHours(2)], First<DateTimeOffset>(Text, DataKind.DateTimeOffset).Select(date => date.Offset));
    }

    [Fact]
    public void Saved_dates_are_read_where_quotes_are_and_refused_elsewhere()
    {
        var moment = new Moment { Time = new(2020, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc), Span = new(1, 2, 3, 4, 567) };
        var file = Save(ML.Data.LoadFromEnumerable([moment]));
        TextLoader.Column[] columns = [new("Time", DataKind.DateTime, 0), new("Span", DataKind.TimeSpan, 1)];
        var quoted = ML.Data.LoadFromTextFile(file, columns, hasHeader: true, allowQuoting: true);

        Assert.Equal([moment.Time], quoted.GetColumn<DateTime>("Time"));
        Assert.Equal([moment.Span], quoted.GetColumn<TimeSpan>("Span"));
        Assert.Throws<FormatException>(() => ML.Data.LoadFromTextFile(file).GetColumn<DateTime>("Time").ToArray());
    }

    private sealed class Moment
    {
        public DateTime Time { get; set; }

        public TimeSpan Span { get; set; }
    }
}

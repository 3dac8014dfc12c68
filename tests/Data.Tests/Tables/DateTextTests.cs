using System.Globalization;
using Latent.Data.Tables;

namespace Latent.Data.Tests.Tables;

public sealed class DateTextTests
{
    [Theory]
    [InlineData("2019-03-23", "Iso", "2019-03-23T00:00:00.0000000")]
    [InlineData("2019-03-23 20:21", "Iso", "2019-03-23T20:21:00.0000000")]
    [InlineData("2019-03-23T20:21:09", "Iso", "2019-03-23T20:21:09.0000000")]
    [InlineData("2019-03-23T20:21:09.5Z", "Iso", "2019-03-23T20:21:09.5000000")]
    [InlineData("2019-03-23t20:21:09.123456789z", "Iso", "2019-03-23T20:21:09.1234567")]
    [InlineData("2019-03-23 20:21:09+02:30", "Iso", "2019-03-23T17:51:09.0000000")]
    [InlineData("2019-03-23 20:21:09-0500", "Iso", "2019-03-24T01:21:09.0000000")]
    [InlineData("2019-03-23 20:21:09+02", "Iso", "2019-03-23T18:21:09.0000000")]
    [InlineData("2024-02-29", "Iso", "2024-02-29T00:00:00.0000000")]
    [InlineData("23.03.2019", "DayFirst", "2019-03-23T00:00:00.0000000")]
    [InlineData("3.3.2019 20:21:09", "DayFirst", "2019-03-03T20:21:09.0000000")]
    [InlineData("03/23/2019", "MonthFirst", "2019-03-23T00:00:00.0000000")]
    [InlineData("3/4/2019 20:21", "MonthFirst", "2019-03-04T20:21:00.0000000")]
    public void Dates_are_parsed(string text, string format, string expected)
    {
        Assert.Equal(format, DateText.Parse(text, out var moment).ToString());
        Assert.Equal(expected, moment.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2019")]
    [InlineData("20190323")]
    [InlineData("2019-3-23")]
    [InlineData("2019-02-29")]
    [InlineData("2019-13-01")]
    [InlineData("0000-01-01")]
    [InlineData("2019-03-23 ")]
    [InlineData("2019-03-23 20")]
    [InlineData("2019-03-23 24:00")]
    [InlineData("2019-03-23 20:61")]
    [InlineData("2019-03-23 20:21:09.")]
    [InlineData("2019-03-23 20:21:09+2")]
    [InlineData("2019-03-23 20:21:09 UTC")]
    [InlineData("2019-03-23x20:21:09")]
    [InlineData("9999-12-31 23:59:59-15:00")]
    [InlineData("0001-01-01 00:00:00+01:00")]
    [InlineData("23/03/2019")]
    [InlineData("03.23.2019")]
    [InlineData("23.03.19")]
    [InlineData("23.03/2019")]
    [InlineData("1.2345678")]
    public void Others_are_none(string text) => Assert.Equal(DateFormat.None, DateText.Parse(text, out _));

    [Fact]
    public void What_is_written_is_read()
    {
        var random = new Random(4);
        for (var i = 0; i < 20_000; i++)
        {
            var time = new DateTime(random.NextInt64(DateTime.MaxValue.Ticks));
            Assert.Equal(DateFormat.Iso, DateText.Parse(time.ToString("o", CultureInfo.InvariantCulture), out var read));
            Assert.Equal(time, read);
            Assert.Equal(DateFormat.DayFirst, DateText.Parse(time.ToString("dd.MM.yyyy HH:mm:ss", CultureInfo.InvariantCulture), out read));
            Assert.Equal(time.Ticks / TimeSpan.TicksPerSecond, read.Ticks / TimeSpan.TicksPerSecond);
            Assert.Equal(DateFormat.MonthFirst, DateText.Parse(time.ToString("MM/dd/yyyy", CultureInfo.InvariantCulture), out read));
            Assert.Equal(time.Date, read);
        }
    }
}

using System.Globalization;
using Latent.Data.Tables;

namespace Latent.Data.Tests.Tables;

public sealed class NumberTests
{
    [Fact]
    public void Numbers_are_what_dotnet_reads_to_the_last_bit()
    {
        var random = new Random(5);
        for (var i = 0; i < 100_000; i++)
        {
            var value = random.Next(4) switch
            {
                0 => random.Next(-1000, 1000),
                1 => Math.Round(random.NextDouble() * 1000 - 500, random.Next(10)),
                2 => BitConverter.Int64BitsToDouble(random.NextInt64()),
                _ => random.NextSingle(),
            };
            if (!double.IsFinite(value))
                continue;
            var text = value.ToString(
                random.Next(3) switch
                {
                    0 => "R",
                    1 => "E17",
                    _ => "0.############",
                },
                CultureInfo.InvariantCulture
            );
            Assert.True(Number.TryParse(text, '.', out var read), text);
            Assert.Equal(double.Parse(text, CultureInfo.InvariantCulture), read);
            Assert.True(Number.TryParse(text.Replace('.', ','), ',', out var comma), text);
            Assert.Equal(read, comma);
        }
    }

    [Theory]
    [InlineData(" 1", 1)]
    [InlineData("1 ", 1)]
    [InlineData("+3", 3)]
    [InlineData("-.5", -0.5)]
    [InlineData("5.", 5)]
    [InlineData("1e3", 1000)]
    [InlineData("-1.5E-2", -0.015)]
    [InlineData("000000000000000000001", 1)]
    [InlineData("123456789012345678", 123456789012345678)]
    public void Forms_of_numbers(string text, double value)
    {
        Assert.True(Number.TryParse(text, '.', out var read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1x")]
    [InlineData("1 2")]
    [InlineData("1.2.3")]
    [InlineData("1,5")]
    [InlineData("0x10")]
    [InlineData("1_0")]
    [InlineData("--1")]
    [InlineData("e5")]
    [InlineData("1e")]
    public void What_is_no_number(string text) => Assert.False(Number.TryParse(text, '.', out _));
}

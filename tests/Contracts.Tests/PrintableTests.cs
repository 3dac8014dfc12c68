namespace Latent.Contracts.Tests;

public sealed class PrintableTests
{
    [Theory]
    [InlineData("a plain name, é, 日本, 👩\u200d🚀", "a plain name, é, 日本, 👩\u200d🚀")]
    [InlineData("\u001b[2Jgone", @"\u001b[2Jgone")]
    [InlineData("a\r\n\tb\0\u007f\u009b", @"a\u000d\u000a\u0009b\u0000\u007f\u009b")]
    [InlineData("exe\u202efdp.", @"exe\u202efdp.")]
    [InlineData("\u2066\u2028\u200f\ufeff", @"\u2066\u2028\u200f\ufeff")]
    public void What_could_command_a_terminal_is_shown_instead(string text, string expected) => Assert.Equal(expected, Printable.Of(text));

    [Fact]
    public void Half_a_character_is_shown_as_its_number() =>
        Assert.Equal(@"\ud800x\udc00", Printable.Of(string.Concat('\ud800', 'x', '\udc00')));

    [Fact]
    public void Lines_keep_their_ends() => Assert.Equal("a\r\nb\n\\u001bc", Printable.Lines("a\r\nb\n\u001bc"));
}

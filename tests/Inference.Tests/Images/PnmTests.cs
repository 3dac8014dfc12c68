using System.Text;
using Latent.Contracts;

namespace Latent.Tests.Images;

public sealed class PnmTests
{
    [Theory]
    [InlineData("P1\n3 2\n1 0 1\n0 1 0\n", "0 255 0 255 0 255")]
    [InlineData("P1 3 2 101010", "0 255 0 255 0 255")]
    [InlineData("P1\n# a comment\n3 # and another\n2\n1 0 # between\n1 0 1 0", "0 255 0 255 0 255")]
    [InlineData("P2\n3 2\n255\n0 1 2\n253 254 255\n", "0 1 2 253 254 255")]
    [InlineData("P2 3 2 15 0 1 7 8 14 15", "0 17 119 136 238 255")]
    [InlineData("P2 3 2 65535 0 257 128 129 65534 65535", "0 1 0 1 255 255")]
    [InlineData("P2#\r3 2#\r1#\r0 1 0 1 0 1", "0 255 0 255 0 255")]
    [InlineData("P2 3 2 255 0 1 2 253 254 255 and more\nP2 1 1 255 7", "0 1 2 253 254 255")]
    [InlineData("P5 3 2 255\nabcdefP5 1 1 255\ng", "97 98 99 100 101 102")]
    [InlineData("P5 3 2 255# a comment ends the header\nabcdef", "97 98 99 100 101 102")]
    [InlineData("P5\n#\n3 2\n# a comment\n255\n#bcdef", "35 98 99 100 101 102")]
    public void Grey_decodes(string text, string expected)
    {
        var (width, height, pixels) = Samples.Decode(Encoding.ASCII.GetBytes(text));
        Assert.Equal((3, 2), (width, height));
        Assert.Equal(expected.Split(' ').Select(byte.Parse).SelectMany(v => new byte[] { v, v, v, 255 }), pixels);
    }

    [Fact]
    public void Colours_decode_from_text_and_bytes()
    {
        byte[] expected = [1, 2, 3, 255, 250, 251, 252, 255];
        Assert.Equal(expected, Samples.Decode("P3 2 1 255  1 2 3  250 251 252"u8.ToArray()).Rgba);
        Assert.Equal(expected, Samples.Decode([.. "P6 2 1 255 "u8, 1, 2, 3, 250, 251, 252]).Rgba);
    }

    [Fact]
    public void Binary_bits_decode()
    {
        var (_, _, pixels) = Samples.Decode([.. "P4 10 2\n"u8, 0b10000001, 0b01000000, 0b11111111, 0b11000000]);
        Assert.Equal("0111111010" + "0000000000", string.Concat(pixels.Chunk(4).Select(p => p[0] == 255 ? '1' : '0')));
    }

    [Fact]
    public void Samples_of_other_maxvals_and_of_16_bits_are_scaled_and_rounded()
    {
        Assert.Equal<byte>([0, 128, 255, 255, 3, 5, 8, 255], Samples.Decode([.. "P6 1 2 100\n"u8, 0, 50, 100, 1, 2, 3]).Rgba);
        Assert.Equal<byte>([1, 1, 1, 255, 255, 255, 255, 255], Samples.Decode([.. "P5 2 1 65535\n"u8, 0x01, 0x01, 0xFF, 0xFF]).Rgba);
        Assert.Equal<byte>([0, 128, 255, 255], Samples.Decode([.. "P6 1 1 1000\n"u8, 0x00, 0x00, 0x01, 0xF4, 0x03, 0xE8]).Rgba);
        for (var value = 0; value <= 65535; value++)
        {
            var pixel = Samples.Decode([.. "P5 1 1 65535\n"u8, (byte)(value >> 8), (byte)value]).Rgba;
            if (Math.Round(value * 255 / 65535.0, MidpointRounding.AwayFromZero) != pixel[0])
                Assert.Fail($"{value} became {pixel[0]}");
        }
    }

    [Theory]
    [InlineData("P5\n", "it ends at offset 3, where a width was expected")]
    [InlineData("P5 x", "its byte at offset 3 is 0x78, where a width was expected")]
    [InlineData("P5 -3 2 255\n", "its byte at offset 3 is 0x2D, where a width was expected")]
    [InlineData("P5 3 0 255\n", "it has a height of 0 at offset 5; it must be from 1 to 2147483647")]
    [InlineData("P5 3 2 0\n", "it has a maxval of 0 at offset 7; it must be from 1 to 65535")]
    [InlineData("P5 3 2 65536\n", "it has a maxval of 65536 at offset 7; it must be from 1 to 65535")]
    [InlineData("P5 3 2 255\nabc", "its 3 x 2 pixels take 6 bytes, and 3 follow its header")]
    [InlineData(
        "P6 2000000000 1500000000 1\nab",
        "its 2000000000 x 1500000000 pixels take 9000000000000000000 bytes, and 2 follow its header"
    )]
    [InlineData("P2 2 2 255\n1 2 3", "its 2 x 2 pixels take 7 bytes or more, and 6 follow its header")]
    [InlineData("P5 99999999999 2 255\nabc", "it has a width of more than 4294967295 at offset 3; it must be from 1 to 2147483647")]
    [InlineData("P5 3 2 255", "its header must end with one white space at offset 10, before the samples")]
    [InlineData("P5 3 2 255#", "its header must end with one white space at offset 10, before the samples")]
    [InlineData("P2 3 2 15 0 1 7 8 14 16", "it has a sample of 16 at offset 21; it must be from 0 to 15")]
    [InlineData("P5 3 1 98\nabc", "its sample at offset 12 is 99; it must be at most the maxval, 98")]
    [InlineData("P2 3 2 15 0 1 7 8 14      ", "it ends at offset 26, where a sample was expected")]
    [InlineData("P1 3 2 101012", "its byte at offset 12 is 0x32, where a pixel, 0 or 1, was expected")]
    [InlineData("P1 3 2 10101  ", "it ends at offset 14, where a pixel was expected")]
    public void Damage_is_refused_with_the_place(string text, string reason)
    {
        var error = Assert.Throws<LatentException>(() => Samples.Decode(Encoding.ASCII.GetBytes(text), "a.pnm"));
        Assert.Equal($"a.pnm is a damaged PNM: {reason}.", error.Message);
    }

    [Fact]
    public void All_400_faces_decode_to_their_bytes()
    {
        var files = Directory.GetFiles(World.SharedData("att_faces"), "*.pgm", SearchOption.AllDirectories);
        Assert.Equal(400, files.Length);
        foreach (var file in files)
        {
            var bytes = File.ReadAllBytes(file);
            Assert.StartsWith("P5\n92 112\n255\n", Encoding.ASCII.GetString(bytes, 0, 20));
            var (width, height, pixels) = Samples.Decode(bytes);
            Assert.Equal((92, 112), (width, height));
            Assert.Equal(bytes.AsSpan(14).ToArray().SelectMany(b => new[] { b, b, b }), Samples.Colours(pixels));
        }
    }
}

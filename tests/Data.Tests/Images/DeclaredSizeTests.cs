using System.Buffers.Binary;
using System.IO.Hashing;
using Latent.Contracts;
using Latent.Data.Images;
using SkiaSharp;

namespace Latent.Data.Tests.Images;

public sealed class DeclaredSizeTests
{
    [Theory]
    [InlineData(SKEncodedImageFormat.Png, 1)]
    [InlineData(SKEncodedImageFormat.Png, 2000)]
    [InlineData(SKEncodedImageFormat.Jpeg, 1)]
    [InlineData(SKEncodedImageFormat.Jpeg, 2000)]
    public void The_emptiest_image_is_read_and_one_that_declares_more_than_its_file_can_hold_is_refused(
        SKEncodedImageFormat format,
        int size
    )
    {
        using var bitmap = new SKBitmap(size, size);
        bitmap.Erase(SKColors.White);
        using var data = bitmap.Encode(format, 1);
        var file = data.ToArray();
        var decoder = new ImageDecoder();
        Assert.Equal(size, decoder.Decode(file, "a").Width);
        decoder.Release();
        if (format == SKEncodedImageFormat.Png)
        {
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), 9999);
            BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), 9999);
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(29), Crc32.HashToUInt32(file.AsSpan(12, 17)));
        }
        else
        {
            var frame = file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xC0]);
            BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 5), 9999);
            BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(frame + 7), 9999);
        }

        Assert.Equal(
            $"a is a {format.ToString().ToUpperInvariant()} that is cut short: it declares 9999 x 9999 pixels, for which its {file.Length:N0} bytes are too few.",
            Assert.Throws<LatentException>(() => decoder.Decode(file, "a").Width).Message
        );
    }
}

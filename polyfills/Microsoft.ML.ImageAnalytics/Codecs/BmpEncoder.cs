using System.Buffers.Binary;

namespace Microsoft.ML.ImageAnalytics.Codecs;

/// <summary>Bitmaps of 24 bits, or of 32 with a version 4 header where a pixel isn't opaque.</summary>
internal static class BmpEncoder
{
    public static byte[] Encode(RawImage image)
    {
        var opaque = image.IsOpaque();
        var bytes = opaque ? 3 : 4;
        var headers = 14 + (opaque ? 40 : 108);
        var stride = ((image.Width * bytes) + 3) & ~3;
        var file = new byte[checked(headers + (stride * image.Height))];
        "BM"u8.CopyTo(file);
        Put(2, file.Length);
        Put(10, headers);
        Put(14, headers - 14);
        Put(18, image.Width);
        Put(22, image.Height);
        file[26] = 1;
        file[28] = (byte)(8 * bytes);
        Put(30, opaque ? BmpHeader.Rgb : BmpHeader.BitFields);
        Put(34, file.Length - headers);
        Put(38, 2835);
        Put(42, 2835);
        if (!opaque)
        {
            Put(54, 0x00FF0000);
            Put(58, 0x0000FF00);
            Put(62, 0x000000FF);
            Put(66, unchecked((int)0xFF000000));
            // LCS_sRGB
            Put(70, 0x73524742);
        }

        for (var y = 0; y < image.Height; y++)
        {
            var source = image.Bgra.AsSpan(4 * y * image.Width, 4 * image.Width);
            var row = file.AsSpan(headers + ((image.Height - 1 - y) * stride), stride);
            if (!opaque)
            {
                source.CopyTo(row);
                continue;
            }

            for (var x = 0; x < image.Width; x++)
                source.Slice(4 * x, 3).CopyTo(row[(3 * x)..]);
        }

        return file;

        void Put(int at, int value) => BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
    }
}

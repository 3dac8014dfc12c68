using System.Buffers.Binary;
using Microsoft.ML.ImageAnalytics.Codecs;

namespace Microsoft.ML.Tests.Imaging.Codecs;

public sealed class BmpMemoryTests
{
    [Fact]
    public void A_palette_takes_no_memory_for_each_pixel()
    {
        const int Size = 256;
        byte[] header = [.. "BM"u8, .. new byte[8], 62, 0, 0, 0, 40, 0, 0, 0, .. new byte[8], 1, 0, 8, 0, .. new byte[16], 2, 0, 0, 0, .. new byte[4]];
        byte[] file = [.. header, .. new byte[8], .. new byte[Size * Size]];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), Size);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), Size);
        ImageDecoder.Decode(file);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var image = ImageDecoder.Decode(file);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated, image.Bgra.Length, 2 * image.Bgra.Length);
    }
}

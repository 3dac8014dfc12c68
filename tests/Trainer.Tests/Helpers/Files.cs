using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Latent.Contracts;
using Latent.Data.Arrays;
using Latent.Data.Rows;

namespace Latent.Trainer.Tests.Helpers;

/// <summary>Small valid files of the formats that are read.</summary>
internal static class Files
{
    public static byte[] Idx(byte type, int[] shape, byte[] values)
    {
        var bytes = new byte[4 + (4 * shape.Length)];
        (bytes[2], bytes[3]) = (type, (byte)shape.Length);
        for (var i = 0; i < shape.Length; i++)
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4 + (4 * i)), shape[i]);
        return [.. bytes, .. values];
    }

    public static byte[] IdxImages(int count, int height = 3, int width = 2) =>
        Idx(8, [count, height, width], [.. Enumerable.Range(0, count * height * width).Select(i => (byte)(i * 7))]);

    public static byte[] IdxLabels(int count) => Idx(8, [count], [.. Enumerable.Range(0, count).Select(i => (byte)(i % 10))]);

    public static byte[] Gzip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return memory.ToArray();
    }

    public static byte[] Npy(string type, string shape, byte[] values, string order = "False", byte version = 1)
    {
        var header = $"{{'descr': '{type}', 'fortran_order': {order}, 'shape': {shape}, }}";
        header = header.PadRight((((10 + header.Length) / 64) + 1) * 64 - 11) + "\n";
        byte[] length =
            version == 1 ? [(byte)header.Length, (byte)(header.Length >> 8)] : [(byte)header.Length, (byte)(header.Length >> 8), 0, 0];
        return [0x93, .. "NUMPY"u8, version, 0, .. length, .. Encoding.Latin1.GetBytes(header), .. values];
    }

    /// <summary>All values of an array file.</summary>
    public static float[] Values(string path)
    {
        using var source = new ArraySource(path, Shard.Whole, 64);
        var batch = new RowBatch(64, source.RowLength, 0);
        var values = new List<float>();
        for (; source.Read(batch, TestContext.Current.CancellationToken); batch.Clear())
        {
            values.AddRange(batch.Rows);
            if (batch.Skipped is [var first, ..])
                throw new LatentException(first.Reason);
        }

        return [.. values];
    }

    public static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}

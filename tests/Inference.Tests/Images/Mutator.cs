using System.Buffers.Binary;

namespace Latent.Tests.Images;

/// <summary>Damages files as transfer errors and attackers do: flipped bits, cuts, splices, and numbers of every size in headers.</summary>
internal static class Mutator
{
    private static readonly uint[] s_numbers =
    [
        0,
        1,
        2,
        7,
        8,
        127,
        128,
        255,
        256,
        4096,
        32767,
        32768,
        65535,
        65536,
        1 << 24,
        int.MaxValue,
        1u << 31,
        uint.MaxValue,
    ];

    public static byte[] Mutate(Random random, byte[][] corpus)
    {
        var bytes = corpus[random.Next(corpus.Length)].ToList();
        for (var edits = 1 + random.Next(4); edits > 0; edits--)
            Edit(random, bytes, corpus);
        return [.. bytes];
    }

    private static void Edit(Random random, List<byte> bytes, byte[][] corpus)
    {
        if (bytes.Count == 0)
        {
            bytes.AddRange(corpus[random.Next(corpus.Length)]);
            return;
        }

        var at = random.Next(bytes.Count);
        switch (random.Next(10))
        {
            case 0 or 1:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2:
                bytes[at] = (byte)random.Next(256);
                break;
            case 3:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 4:
                bytes.RemoveRange(at, Math.Min(bytes.Count - at, 1 + random.Next(32)));
                break;
            case 5:
                var other = corpus[random.Next(corpus.Length)];
                var from = random.Next(other.Length);
                bytes.InsertRange(at, other.AsSpan(from, Math.Min(other.Length - from, 1 + random.Next(200))).ToArray());
                break;
            case 6:
                var tail = corpus[random.Next(corpus.Length)];
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(tail[Math.Min(at, tail.Length)..]);
                break;
            case 7:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(bytes.Count - at, 1 + random.Next(64))));
                break;
            default:
                WriteNumber(random, bytes);
                break;
        }
    }

    // Into the first bytes mostly, where the headers are.
    private static void WriteNumber(Random random, List<byte> bytes)
    {
        var size = 1 << random.Next(3);
        var at = random.Next(Math.Min(bytes.Count, random.Next(4) == 0 ? bytes.Count : 64));
        var value = random.Next(2) == 0 ? s_numbers[random.Next(s_numbers.Length)] : (uint)random.NextInt64(1L << random.Next(33));
        var number = new byte[4];
        if (random.Next(2) == 0)
            BinaryPrimitives.WriteUInt32LittleEndian(number, value);
        else
            BinaryPrimitives.WriteUInt32BigEndian(number, value << (32 - (8 * size)));
        for (var i = 0; i < size && at + i < bytes.Count; i++)
            bytes[at + i] = number[i];
    }
}

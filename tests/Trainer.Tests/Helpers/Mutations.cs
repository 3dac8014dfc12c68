using Latent.Contracts;
using Latent.Trainer.Data;

namespace Latent.Trainer.Tests.Helpers;

/// <summary>Damages valid files in seeded random ways and makes sure that a reader says so or copes.</summary>
internal static class Mutations
{
    private const int Rounds = 400;
    private const long MostBytes = 64 << 20;

    /// <summary>Each mutant ends in a result or a <see cref="LatentException"/> of one line, and takes little memory.</summary>
    public static void EndInResultOrOneSentence(byte[] valid, Action<byte[]> read)
    {
        var random = new SeededRandom(7, SeededRandom.Purpose.Digits, valid.Length);
        var refused = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var mutant = Mutate(valid, random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(mutant);
            }
            catch (LatentException e)
            {
                refused++;
                Assert.DoesNotContain("\n", e.Message);
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        }

        Assert.InRange(refused, Rounds / 10, Rounds);
    }

    private static byte[] Mutate(byte[] valid, SeededRandom random)
    {
        var bytes = valid.ToList();
        for (var change = random.Next(4); change >= 0 && bytes.Count > 0; change--)
        {
            // Headers are where damage does most, so half of all changes fall into the first 64 bytes.
            var at = random.Next(random.Next(2) == 0 ? Math.Min(64, bytes.Count) : bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 3:
                    bytes.RemoveAt(at);
                    break;
                default:
                    bytes.Insert(at, new byte[] { 0, 255, 127, (byte)'9', (byte)'"', (byte)',' }[random.Next(6)]);
                    break;
            }
        }

        return [.. bytes];
    }
}

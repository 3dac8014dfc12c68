using Latent.Contracts;
using Latent.Tests;
using Latent.Trainer.Data;

namespace Latent.Trainer.Tests.Helpers;

/// <summary>Damages valid files in seeded random ways and makes sure that a reader says so or copes.</summary>
internal static class Mutations
{
    /// <summary>
    /// Each mutant ends in a result or a <see cref="LatentException"/> of one line, within a second and in little memory.
    /// </summary>
    public static void EndInResultOrOneSentence(byte[] valid, Action<byte[]> read)
    {
        var random = new SeededRandom(7, SeededRandom.Purpose.Digits, valid.Length);
        var (rounds, refused) = (Fuzz.Count(usual: 400), 0);
        for (var round = 0; round < rounds; round++)
        {
            var mutant = Mutate(valid, random);
            if (!Fuzz.Ends<LatentException>($"Mutant {round}", () => read(mutant)))
                refused++;
        }

        Assert.InRange(refused, rounds / 10, rounds - 1);
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

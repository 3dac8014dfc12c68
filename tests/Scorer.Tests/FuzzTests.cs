using System.Text;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Data.Arrays;
using Latent.Data.Rows;
using Latent.Data.Tables;

namespace Latent.Tests;

/// <summary>
/// Mutated inputs end in a result or in an exception of ours, soon and in little memory; each is made from its number, so that a failure
/// can be repeated.
/// </summary>
public sealed class FuzzTests : IDisposable
{
    private static readonly int s_count = Fuzz.Count(usual: 1500);
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tables()
    {
        var seed = Encoding.UTF8.GetBytes("a,b,c,d,e,f,id\n1,2,3,4,5,6,\"x,\"\"\ny\"\n-1e3,2.5,3,4,5,6,z\r\n7,8,9,10,11,12,\n");
        Mutate(
            "in.csv",
            seed,
            path => new CsvSource(path, new TableOptions { Keep = ["id"] }, ["a", "b", "c", "d", "e", "f"], 6, Shard.Whole, 4),
            6
        );
        Mutate("in.csv", seed, path => new CsvSource(path, new TableOptions(), null, 7, new Shard(1, 2), 2), 7);
    }

    [Fact]
    public void Arrays()
    {
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }".PadRight(117) + "\n";
        byte[] seed = [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(header), .. new byte[24]];
        Mutate("in.npy", seed, path => new ArraySource(path, Shard.Whole, 2), 2);
    }

    [Fact]
    public void Manifests()
    {
        var seed = File.ReadAllBytes(Path.Combine(TestBundles.Table, "manifest.json"));
        var read = 0;
        for (var i = 0; i < s_count; i++)
        {
            var text = Encoding.UTF8.GetString(Change(seed, new Random(i)));
            if (Fuzz.Ends<LatentException>($"Input {i}", () => ManifestFile.Parse(text, "manifest.json")))
                read++;
        }

        Assert.InRange(read, 1, s_count - 1);
    }

    private void Mutate(string name, byte[] seed, Func<string, RowSource> open, int length)
    {
        var read = 0;
        for (var i = 0; i < s_count; i++)
        {
            File.WriteAllBytes(_folder[name], Change(seed, new Random(i)));
            var ended = Fuzz.Ends<LatentException>(
                $"Input {i}",
                () =>
                {
                    using var source = open(_folder[name]);
                    Assert.True(source.RowLength <= length || source is ArraySource);
                    var batch = new RowBatch(4, Math.Max(source.RowLength, length), 1);
                    while (source.Read(batch, TestContext.Current.CancellationToken))
                    {
                        Assert.Equal(batch.Consumed, batch.Count + batch.Skipped.Count);
                        batch.Clear();
                    }
                }
            );
            if (ended)
                read++;
        }

        Assert.InRange(read, 1, s_count - 1);
    }

    private static byte[] Change(byte[] seed, Random random)
    {
        var bytes = seed.ToList();
        for (var changes = random.Next(1, 6); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)"\",\n\r;\t0'{}[]-eE."[random.Next(16)];
                    break;
                case 2:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 8), bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 30), bytes.Count - at)));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes.InsertRange(at, Encoding.ASCII.GetBytes(new string('9', random.Next(1, 40))));
                    break;
            }
        }

        return [.. bytes];
    }
}

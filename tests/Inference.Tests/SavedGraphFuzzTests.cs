using Latent.Contracts;
using Latent.Inference.Saving;

namespace Latent.Tests;

public sealed class SavedGraphFuzzTests
{
    [Fact]
    public void A_damaged_graph_ends_in_a_mapping_in_none_or_in_a_sentence()
    {
        using var bundle = LatentBundle.Load(TestBundles.Table);
        var encode = new LatentCatalog(new Microsoft.ML.MLContext()).Encode(bundle);
        var valid = SavedGraph.Build(encode.Mapping, isPlain: true);
        Assert.NotNull(SavedMapping.Read(valid, "saved.zip", null));
        var (count, read) = (Fuzz.Count(usual: 2000), 0);
        for (var i = 0; i < count; i++)
        {
            var random = new Random(i);
            var graph = Change(valid, random);
            if (Fuzz.Ends<LatentException>($"Graph {i}", () => SavedMapping.Read(graph, "saved.zip", null)))
                read++;
        }

        Assert.InRange(read, 1, count - 1);
    }

    private static byte[] Change(byte[] valid, Random random)
    {
        var bytes = valid.AsSpan(0, random.Next(4) == 0 ? random.Next(valid.Length) : valid.Length).ToArray();
        for (var changes = random.Next(1, 6); changes > 0 && bytes.Length > 0; changes--)
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }
}

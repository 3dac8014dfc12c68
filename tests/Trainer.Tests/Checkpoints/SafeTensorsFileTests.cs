using Latent.Contracts;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Tests.Helpers;

namespace Latent.Trainer.Tests.Checkpoints;

public sealed class SafeTensorsFileTests
{
    [Fact]
    public void What_is_written_is_read_back()
    {
        var tensors = Some();
        var read = SafeTensorsFile.Parse(Written(tensors), "x");
        Assert.Equal(tensors.Keys.Order(), read.Keys.Order());
        Assert.All(tensors, t => Assert.Equal(t.Value.Type, read[t.Key].Type));
        Assert.All(tensors, t => Assert.Equal(t.Value.Bytes, read[t.Key].Bytes));
        Assert.All(tensors, t => Assert.Equal(t.Value.Shape, read[t.Key].Shape));
    }

    [Fact]
    public void The_bytes_are_the_formats_own()
    {
        var bytes = Written(new() { ["w"] = new SafeTensor("F32", [1, 2], Files.Floats(1, -2)) });
        const string header = """{"__metadata__":{"k":"v"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}""";
        Assert.Equal(0, (header.Length + 7) % 8);
        Assert.Equal(
            [88, 0, 0, 0, 0, 0, 0, 0, .. System.Text.Encoding.ASCII.GetBytes(header.PadRight(88)), 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0],
            bytes
        );
    }

    [Fact]
    public void Any_cut_is_noticed()
    {
        var bytes = Written(Some());
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<LatentException>(() => SafeTensorsFile.Parse(bytes.AsMemory(0, length), "x"));
        Assert.Throws<LatentException>(() => SafeTensorsFile.Parse((byte[])[.. bytes, 0], "x"));
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,-4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""")]
    [InlineData("""{"a":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4611686018427387904,4611686018427387904],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}""")]
    [InlineData("""{"a":3}""")]
    [InlineData("""[1]""")]
    [InlineData("null")]
    [InlineData("""{"a":null}""")]
    [InlineData("""{"a":{"dtype":null,"shape":[1],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":null,"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":null}}""")]
    [InlineData("""{"a":{"dtype":"F32"}}""")]
    public void Headers_that_lie_are_refused(string header)
    {
        byte[] bytes = [(byte)header.Length, 0, 0, 0, 0, 0, 0, 0, .. System.Text.Encoding.UTF8.GetBytes(header), 1, 2, 3, 4];
        Assert.Throws<LatentException>(() => SafeTensorsFile.Parse(bytes, "x"));
    }

    [Fact]
    public void Mutants_end_in_a_result_or_one_sentence() =>
        Mutations.EndInResultOrOneSentence(Written(Some()), bytes => SafeTensorsFile.Parse(bytes, "x"));

    internal static Dictionary<string, SafeTensor> Some() =>
        new()
        {
            ["b.weight"] = new SafeTensor("F32", [2, 3], Files.Floats(1, 2, 3, 4, 5, float.NaN)),
            ["a \"quoted\""] = new SafeTensor("I64", [1], BitConverter.GetBytes(-5L)),
            ["empty"] = new SafeTensor("F32", [0, 3], []),
            ["scalar"] = new SafeTensor("F32", [], Files.Floats(2)),
        };

    private static byte[] Written(Dictionary<string, SafeTensor> tensors)
    {
        using var stream = new MemoryStream();
        SafeTensorsFile.Write(stream, tensors, new Dictionary<string, string> { ["k"] = "v" });
        return stream.ToArray();
    }
}

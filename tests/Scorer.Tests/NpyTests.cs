using System.Runtime.InteropServices;
using System.Text;

namespace Latent.Tests;

public sealed class NpyTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ScorerRun Encode(byte[] npy, params string[] more)
    {
        File.WriteAllBytes(_folder["in.npy"], npy);
        return ScorerRun.Of(["encode", "--model", TestBundles.Table, "--input", _folder["in.npy"], "--output", _folder["out.npy"], .. more]);
    }

    private static byte[] Npy<T>(string type, string shape, T[] values)
        where T : struct
    {
        var header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}".PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(header), .. MemoryMarshal.AsBytes(values.AsSpan())];
    }

    private float[][] Output()
    {
        var bytes = File.ReadAllBytes(_folder["out.npy"]);
        var header = Encoding.ASCII.GetString(bytes, 10, 118);
        Assert.Contains("'descr': '<f4'", header);
        Assert.EndsWith("\n", header);
        return [.. MemoryMarshal.Cast<byte, float>(bytes.AsSpan(128)).ToArray().Chunk(3)];
    }

    [Fact]
    public void Arrays_of_every_number_type_are_read_and_written()
    {
        var rows = Table.Rows(50).Select(r => r.Select(v => MathF.Abs(MathF.Round(v))).ToArray()).ToArray();
        var flat = rows.SelectMany(r => r).ToArray();
        var codes = Table.Codes(rows);
        byte[][] files =
        [
            Npy("<f4", "50, 6", flat),
            Npy("<f8", "50, 2, 3", flat.Select(v => (double)v).ToArray()),
            Npy("<f2", "50, 6", flat.Select(v => (Half)v).ToArray()),
            Npy("|u1", "50, 6", flat.Select(v => (byte)v).ToArray()),
            Npy("<u2", "50, 6", flat.Select(v => (ushort)v).ToArray()),
            Npy("<i4", "50, 6", flat.Select(v => (int)v).ToArray()),
            Npy("<i8", "50, 6", flat.Select(v => (long)v).ToArray()),
        ];
        foreach (var file in files)
        {
            Assert.Equal(0, Encode(file).Code);
            Assert.Equal(codes, Output());
        }
        Assert.Equal(0, Encode(files[0], "--batch-size", "8", "--shard", "2/3").Code);
        Assert.Equal(codes.Skip(16).Take(16), Output(), (a, b) => a.Zip(b).All(p => Math.Abs(p.First - p.Second) < 1e-5));
    }

    [Fact]
    public void Arrays_that_are_none_are_refused_in_a_sentence()
    {
        var whole = Npy("<f4", "2, 6", new float[12]);
        Assert.Contains("not whole", Encode(whole[..^1]).Sentence());
        Assert.Contains("not a NumPy", Encode([1, 2, 3]).Sentence());
        Assert.Contains("'<c8'", Encode(Npy("<c8", "2, 6", new double[12])).Sentence());
        Assert.Contains("rows of 5 values", Encode(Npy("<f4", "2, 5", new float[10])).Sentence());
        Assert.Contains("row 1, value 2, is not a finite number", Encode(Npy("<f4", "2, 6", [0, 0, 0, 0, 0, 0, 0, 0, float.NaN, 0, 0, 0])).Sentence());
        Assert.Contains("Fortran", Encode([.. Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(whole).Replace("False", "True "))]).Sentence());
        Assert.Equal(["in.npy"], _folder.Files());
    }
}

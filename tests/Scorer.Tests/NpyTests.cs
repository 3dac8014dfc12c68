using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Latent.Contracts;
using Latent.Data.Arrays;
using Latent.Data.Rows;

namespace Latent.Tests;

public sealed class NpyTests : IDisposable
{
    private readonly Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    private ScorerRun Encode(byte[] npy, params string[] more)
    {
        File.WriteAllBytes(_folder["in.npy"], npy);
        return ScorerRun.Of([
            "encode",
            "--model",
            TestBundles.Table,
            "--input",
            _folder["in.npy"],
            "--output",
            _folder["out.npy"],
            .. more,
        ]);
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
        Assert.Contains("is truncated", Encode(whole[..^1]).Sentence());
        Assert.Contains("is truncated", Encode([1, 2, 3]).Sentence());
        Assert.Contains("'<c8'", Encode(Npy("<c8", "2, 6", new double[12])).Sentence());
        Assert.Contains("rows of 5 values", Encode(Npy("<f4", "2, 5", new float[10])).Sentence());
        Assert.Contains(
            "a value that is NaN, in row 1, column 2",
            Encode(Npy("<f4", "2, 6", [0, 0, 0, 0, 0, 0, 0, 0, float.NaN, 0, 0, 0])).Sentence()
        );
        Assert.Contains(
            "Fortran",
            Encode([.. Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(whole).Replace("False", "True "))]).Sentence()
        );
        Assert.Equal(["in.npy"], _folder.Files());
    }

    [Fact]
    public void A_disk_that_cannot_read_on_names_the_input_and_the_row()
    {
        File.WriteAllBytes(_folder["in.npy"], Npy("<f4", "5, 6", new float[30]));
        using var source = new ArraySource(_folder["in.npy"], Shard.Whole, 2);
        var batch = new RowBatch(2, 6, 3);
        Assert.True(source.Read(batch, TestContext.Current.CancellationToken));
        FileOf(source).Dispose();
        FileOf(source) = new FailingFile(_folder["in.npy"]);
        batch.Clear();
        var error = Assert.Throws<LatentException>(() => source.Read(batch, TestContext.Current.CancellationToken));
        Assert.Equal($"{_folder["in.npy"]} cannot be read beyond row 2: The disk is broken.", error.Message);
    }

    [Fact]
    public void A_file_that_is_no_regular_one_is_named()
    {
        Assert.SkipUnless(File.Exists("/proc/self/mem"), "There is no /proc/self/mem here, which cannot be read at its start.");
        File.CreateSymbolicLink(_folder["in.npy"], "/proc/self/mem");
        var run = ScorerRun.Of("encode", "--model", TestBundles.Table, "--input", _folder["in.npy"], "--output", _folder["out.npy"]);
        Assert.Equal(1, run.Code);
        Assert.StartsWith($"{_folder["in.npy"]} is empty, or no regular file;", run.Sentence());
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_stream")]
    private static extern ref Stream FileOf(ArraySource source);

    private sealed class FailingFile(string path) : FileStream(path, FileMode.Open, FileAccess.Read)
    {
        public override int Read(Span<byte> buffer) => throw new IOException("The disk is broken.");
    }

    [Fact]
    public void An_array_packed_by_zstandard_is_read()
    {
        var rows = Table.Rows(5);
        var zeros = new float[60_000];
        rows.SelectMany(row => row).ToArray().CopyTo(zeros, 0);
        using var compressor = new ZstdSharp.Compressor();
        File.WriteAllBytes(_folder["in.npy.zst"], compressor.Wrap(Npy("<f4", "10000, 6", zeros)));
        var run = ScorerRun.Of("encode", "--model", TestBundles.Table, "--input", _folder["in.npy.zst"], "--output", _folder["out.npy"]);
        Assert.Equal((0, ""), (run.Code, run.Error));
        Assert.Equal(10_000, Output().Length);
        foreach (var (code, found) in Table.Codes(rows).Zip(Output()))
            Assert.All(code.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }
}

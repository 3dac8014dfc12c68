using System.Diagnostics;
using Latent.Tests;
using Microsoft.ML.ImageAnalytics.Codecs;

namespace Microsoft.ML.Tests.Imaging.Codecs;

/// <summary>
/// Every mutated input ends in a picture or in our exception, within a second and within the stated memory; the seed is fixed, and a failure
/// names the input's number.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private static readonly int _count = Fuzz.Count(usual: 3000);

    [Fact]
    public void Png() => Run("png", fix: PngChunks.FixChecksums);

    [Fact]
    public void Png_rows()
    {
        // Damage within the compressed stream, as a wrong program writes it: bad filters, colours beyond the palette, rows too few.
        Run("png", (random, corpus) => PngChunks.EditRows(corpus[random.Next(corpus.Length)], rows => Mutator.Mutate(random, [rows])));
    }

    [Fact]
    public void Jpeg() => Run("jpg");

    [Fact]
    public void Bmp() => Run("bmp");

    [Fact]
    public void Pnm() => Run("pnm");

    private void Run(string format, Func<Random, byte[][], byte[]>? mutate = null, Action<byte[]>? fix = null)
    {
        mutate ??= Mutator.Mutate;
        var corpus = Corpus(format);
        var (pictures, refused) = (0, 0);
        var (slowest, most) = (TimeSpan.Zero, 0L);
        for (var i = 0; i < _count; i++)
        {
            var random = new Random(i);
            var input = mutate(random, corpus);
            if (fix is not null && random.Next(8) != 0)
                fix(input);
            var where = $"{format} input {i} ({input.Length} bytes)";
            var (time, memory, error) = Decode(input, where);
            // A machine busy with other work may stop us for a while, so that what was slow is asked again.
            for (var again = 0; time > TimeSpan.FromSeconds(1) && again < 2; again++)
                time = Decode(input, where).Time;
            Assert.True(time <= TimeSpan.FromSeconds(1), $"{where} took {time.TotalSeconds:0.0} s.");
            Assert.True(memory <= ImageDecoder.MemoryBound(input.Length), $"{where} took {memory} bytes.");
            if (error is null)
                pictures++;
            else
                refused++;
            slowest = time > slowest ? time : slowest;
            most = Math.Max(most, memory);
        }

        var worst = $"{slowest.TotalMilliseconds:0} ms and {most >> 10} KiB at most";
        output.WriteLine($"{format}: {pictures} pictures, {refused} refused; {worst}.");
        Assert.True(pictures > 0 && refused > 0, $"{format}: {pictures} pictures and {refused} refused; the mutations should give both.");
    }

    private static (TimeSpan Time, long Memory, string? Error) Decode(byte[] input, string where)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        string? error = null;
        try
        {
            var image = ImageDecoder.Decode(input);
            Assert.Equal(4L * image.Width * image.Height, image.Bgra.Length);
        }
        catch (ImageFormatException e)
        {
            error = e.Message;
        }
        catch (Exception e)
        {
            Assert.Fail($"{where} ended in {e}");
        }

        var time = Stopwatch.GetElapsedTime(start);
        if (error is not null)
            Assert.True(error.EndsWith('.') && !error.Contains('\n'), $"{where} is refused with '{error}', which is not a sentence.");
        return (time, GC.GetAllocatedBytesForCurrentThread() - before, error);
    }

    private static byte[][] Corpus(string format)
    {
        var data = Path.Combine(World.Root, "tests", "Microsoft.ML.Tests", "Imaging", "Data");
        var drawn = new[] { (5, 4, false, false), (16, 16, true, false), (33, 20, false, true), (40, 30, false, false) }
            .Select(d => new RawImage(d.Item1, d.Item2, Pictures.Draw(d.Item1, d.Item2, d.Item1, d.Item3, d.Item4))).ToArray();
        var jpegs = Directory.GetFiles(data, "*.jpg").Order().Select(File.ReadAllBytes);
        var folder = Path.Combine(World.Root, "..", "shared", "data", "pngsuite", format);
        var suite = Directory.Exists(folder) ? Directory.GetFiles(folder).Order().Select(File.ReadAllBytes) : [];
        return format switch
        {
            "png" => [.. drawn.Select(PngEncoder.Encode), .. suite],
            "jpg" => [.. drawn.Select(d => JpegEncoder.Encode(d, quality: 80)), .. jpegs],
            "bmp" => [.. drawn.Select(BmpEncoder.Encode), .. Samples.Bitmaps, .. suite],
            _ => [.. drawn.Select(PnmEncoder.EncodePgm), .. drawn.Select(PnmEncoder.EncodePpm), .. Samples.PortableMaps],
        };
    }
}

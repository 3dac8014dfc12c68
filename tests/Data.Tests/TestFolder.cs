using System.Diagnostics;
using System.IO.Compression;
using Latent.Contracts;
using Latent.Data.Rows;
using ZstdSharp;

namespace Latent.Data.Tests;

/// <summary>A folder that is gone after the test, and what is read from it.</summary>
internal sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("latent-data-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllBytes(this[name], bytes);
        return this[name];
    }

    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public static byte[] Gzip(byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return memory.ToArray();
    }

    public static byte[] Zstandard(byte[] bytes)
    {
        using var compressor = new Compressor();
        return compressor.Wrap(bytes).ToArray();
    }

    public static float[] ReadAll(RowSource source, List<SkippedInput>? skipped = null)
    {
        using (source)
        {
            var batch = new RowBatch(16, source.RowLength, 0);
            var values = new List<float>();
            for (; source.Read(batch, TestContext.Current.CancellationToken); batch.Clear())
            {
                Assert.Equal(batch.Consumed, batch.Count + batch.Skipped.Count);
                values.AddRange(batch.Rows);
                if (batch.Skipped.Count > 0 && skipped is null)
                    throw new LatentException(batch.Skipped[0].Reason);
                skipped?.AddRange(batch.Skipped);
            }

            return [.. values];
        }
    }

    public static void MakeFifo(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "There are no FIFOs here.");
        using var process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

using System.Runtime.Versioning;

namespace Latent.Models.Tests;

[SupportedOSPlatform("linux")]
public sealed class LibraryCopyTests : IDisposable
{
    private readonly string _folder = Fixtures.TemporaryFolder();
    private readonly byte[] _library = new byte[100_000];

    public LibraryCopyTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Copies are made on Linux.");
        new Random(1).NextBytes(_library);
    }

    [Fact]
    public void What_was_tampered_with_is_replaced()
    {
        var path = LibraryCopy.TryWrite(_library, _folder, "lib.so")!;
        Assert.Equal(_library, File.ReadAllBytes(path));
        var written = File.GetLastWriteTimeUtc(path);
        Assert.Equal(path, LibraryCopy.TryWrite(_library, _folder, "lib.so"));
        Assert.Equal(written, File.GetLastWriteTimeUtc(path));

        var other = (byte[])_library.Clone();
        other[50_000] ^= 1;
        foreach (var wrong in new[] { other, [], [.. _library, 0], _library[..^1] })
        {
            File.WriteAllBytes(path, wrong);
            Assert.Equal(path, LibraryCopy.TryWrite(_library, _folder, "lib.so"));
            Assert.Equal(_library, File.ReadAllBytes(path));
        }

        Assert.Equal([path], Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_cache_that_cannot_be_written_or_that_others_can_write_is_not_used()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        Assert.Null(LibraryCopy.TryWrite(_library, Path.Combine(file, "cache"), "lib.so"));
        Assert.Null(LibraryCopy.TryWrite(_library, "/proc/latent", "lib.so"));

        var open = Path.GetDirectoryName(LibraryCopy.TryWrite(_library, _folder, "lib.so")!)!;
        File.SetUnixFileMode(open, File.GetUnixFileMode(open) | UnixFileMode.OtherWrite);
        Assert.Null(LibraryCopy.TryWrite(_library, _folder, "lib.so"));
    }

    [Fact]
    public void A_folder_in_the_place_of_the_copy_is_left_alone()
    {
        var path = LibraryCopy.TryWrite(_library, _folder, "lib.so")!;
        File.Delete(path);
        Directory.CreateDirectory(path);
        Assert.Null(LibraryCopy.TryWrite(_library, _folder, "lib.so"));
        Assert.Equal([path], Directory.GetFileSystemEntries(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void Many_at_once_write_one_whole_copy()
    {
        var paths = new string?[8];
        var threads = paths.Select((_, i) => new Thread(() => paths[i] = LibraryCopy.TryWrite(_library, _folder, "lib.so"))).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        var path = Assert.Single(paths.Distinct())!;
        Assert.Equal(_library, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void What_is_no_library_is_refused_and_no_temporary_folder_stays()
    {
        var usual = Environment.GetEnvironmentVariable("TMPDIR");
        Environment.SetEnvironmentVariable("TMPDIR", _folder);
        try
        {
            Assert.Throws<DllNotFoundException>(() => LibraryCopy.Load(_library, "lib.so", null));
            Assert.Empty(Directory.GetFileSystemEntries(_folder));
        }
        finally
        {
            Environment.SetEnvironmentVariable("TMPDIR", usual);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}

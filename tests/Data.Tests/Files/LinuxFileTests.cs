using Latent.Data.Files;

namespace Latent.Data.Tests.Files;

public sealed class LinuxFileTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public LinuxFileTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "These are calls of Linux.");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_regular_file_is_read_also_through_a_link()
    {
        var (path, link) = (_folder["ä.bin"], _folder["link"]);
        File.WriteAllBytes(path, [1, 2, 3]);
        File.CreateSymbolicLink(link, path);
        foreach (var file in (string[])[path, link])
        {
            var bytes = new byte[5];
            Assert.Equal(3, LinuxFile.Length(file));
            Assert.Equal(3, LinuxFile.Read(file, bytes));
            Assert.Equal([1, 2, 3, 0, 0], bytes);
            Assert.Equal(2, LinuxFile.Read(file, bytes.AsSpan(3)));
            Assert.Equal([1, 2, 3, 1, 2], bytes);
        }
    }

    [Fact]
    public void Nothing_but_a_regular_file_has_a_length()
    {
        var (fifo, link) = (_folder["fifo"], _folder["link"]);
        TestFolder.MakeFifo(fifo);
        File.CreateSymbolicLink(link, fifo);
        foreach (var path in (string[])[fifo, link, _folder["missing"], _folder[""], "/dev/zero"])
            Assert.Null(LinuxFile.Length(path));
    }

    [Fact]
    public void What_cannot_be_read_gives_nothing()
    {
        Assert.Null(LinuxFile.Read(_folder["missing"], new byte[1]));
        Assert.Null(LinuxFile.Read(_folder[""], new byte[1]));
    }
}

using Latent.Contracts;
using Latent.Data.Files;

namespace Latent.Data.Tests.Files;

public sealed class InputFolderTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private InputFolder Find(string input) =>
        InputFolder.Find(input, path => path.EndsWith(".txt", StringComparison.Ordinal) ? $"{path} is a text." : null);

    [Fact]
    public void Each_folder_is_listed_once_however_many_links_lead_to_it()
    {
        _folder.Write("in/sub/a.png", "a");
        _folder.Write("other/b.png", "b");
        _folder.Write("c.png", "above");
        Directory.CreateSymbolicLink(_folder["in/sub/up"], "..");
        Directory.CreateSymbolicLink(_folder["in/here"], ".");
        Directory.CreateSymbolicLink(_folder["in/above"], "../..");
        Directory.CreateSymbolicLink(_folder["in/absolute"], _folder["in/sub"]);
        Assert.Equal(["sub/a.png"], Find(_folder["in"]).Files);
        Directory.CreateSymbolicLink(_folder["in/other"], _folder["other"]);
        Directory.CreateSymbolicLink(_folder["in/again"], "../other");
        Assert.Equal(["again/b.png", "sub/a.png"], Find(_folder["in"]).Files);
    }

    [Fact]
    public void What_is_left_out_is_told()
    {
        _folder.Write("in/a.png", "a");
        _folder.Write("in/notes.txt", "b");
        _folder.Write("in/.hidden.png", "c");
        _folder.Write("in/.cache/d.png", "d");
        var found = Find(_folder["in"]);
        Assert.Equal(["a.png"], found.Files);
        Assert.Equal([".cache", ".hidden.png", "notes.txt"], found.LeftOut.Select(file => file.Input));
        Assert.Contains("is hidden", found.LeftOut[0].Reason);
    }

    [Fact]
    public void Many_stars_take_no_longer()
    {
        for (var i = 0; i < 20; i++)
            _folder.Write($"in/{string.Join('/', Enumerable.Repeat("a", i + 1))}/b.png", "a");
        Assert.Equal(20, Find(_folder["in/**/**/**/**/**/**/**/**/b.png"]).Files.Length);
        Assert.Empty(Find(_folder["in/**/a/**/a/**/a/**/a/**/a/**/a/**/c.png"]).Files);
    }

    [Fact]
    public void A_folder_that_is_none_is_refused()
    {
        _folder.Write("a.png", "a");
        Assert.Contains("is a file", Assert.Throws<LatentException>(() => Find(_folder["a.png"])).Message);
        Assert.Contains("does not exist", Assert.Throws<LatentException>(() => Find(_folder["none"])).Message);
    }

    [Fact]
    public void Real_paths_follow_every_link_and_keep_what_is_not_there_yet()
    {
        _folder.Write("a/b/c.txt", "c");
        Directory.CreateSymbolicLink(_folder["link"], "a/b");
        File.CreateSymbolicLink(_folder["file"], "link/c.txt");
        Directory.CreateSymbolicLink(_folder["loop"], "loop");
        var root = RealPath.Of(_folder.Path);
        Assert.Equal(Path.Combine(root, "a/b/c.txt"), RealPath.Of(_folder["file"]));
        Assert.Equal(Path.Combine(root, "a/b/new/x"), RealPath.Of(_folder["link/new/x"]));
        Assert.Equal(RealPath.Of(_folder["a/x"]), RealPath.Of(_folder["a/../a/./x"]));
        Assert.NotNull(RealPath.Of(_folder["loop/x"]));
        Assert.True(RealPath.IsInside(root, Path.Combine(root, "a")));
        Assert.False(RealPath.IsInside(Path.Combine(root, "a"), Path.Combine(root, "ab")));
    }
}

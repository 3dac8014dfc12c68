using Latent.Contracts.Files;

namespace Latent.Contracts.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Samples.TemporaryFolder();

    private string Target => Path.Combine(_folder, "out.csv");

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void What_is_not_completed_leaves_the_former_file_and_nothing_else()
    {
        AtomicFile.WriteText(Target, "former");
        using (var file = new AtomicFile(Target))
            File.WriteAllText(file.TemporaryPath, "half");
        Assert.Equal("former", File.ReadAllText(Target));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void One_run_at_a_time_writes_a_target()
    {
        using var first = new AtomicFile(Target);
        var error = Assert.Throws<LatentException>(() => AtomicFile.WriteText(Target, "second"));
        Assert.Equal($"{Target} is being written by another run; one of them must have another output.", error.Message);
        File.WriteAllText(first.TemporaryPath, "first");
        first.Complete();
        Assert.Equal("first", File.ReadAllText(Target));
        AtomicFile.WriteText(Target, "second");
        Assert.Equal("second", File.ReadAllText(Target));
    }

    [Fact]
    public void What_killed_runs_left_is_removed_and_files_of_other_names_stay()
    {
        var left = Path.Combine(_folder, ".out.csv.0123456789abcdef.tmp");
        var others = new[] { Path.Combine(_folder, ".out.csv.tmp"), Path.Combine(_folder, ".other.csv.0123456789abcdef.tmp") };
        foreach (var path in others.Append(left))
            File.WriteAllText(path, "");
        AtomicFile.WriteText(Target, "whole");
        Assert.Equal(
            others.Append(Target).Order(StringComparer.Ordinal),
            Directory.GetFileSystemEntries(_folder).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void A_folder_takes_its_name_whole_and_only_where_none_but_an_empty_one_is()
    {
        var target = Path.Combine(_folder, "images");
        Directory.CreateDirectory(target);
        using (var folder = new AtomicFile(target, isFolder: true))
        {
            File.WriteAllText(Path.Combine(folder.TemporaryPath, "0.png"), "");
            Assert.Empty(Directory.GetFileSystemEntries(target));
            folder.Complete();
        }

        Assert.Equal([Path.Combine(target, "0.png")], Directory.GetFileSystemEntries(target));
        var error = Assert.Throws<LatentException>(() => new AtomicFile(target, isFolder: true));
        Assert.Equal($"{target} is there already and not an empty folder; choose another name, or empty it.", error.Message);
        Assert.Equal(
            $"{target} is a folder; the output must be a file.",
            Assert.Throws<LatentException>(() => new AtomicFile(target)).Message
        );
    }

    [Fact]
    public void Two_writers_at_once_never_mix()
    {
        var texts = Enumerable.Range(0, 8).Select(i => new string((char)('a' + i), 100_000)).ToArray();
        var written = new bool[texts.Length];
        Parallel.For(
            0,
            texts.Length,
            i =>
            {
                try
                {
                    AtomicFile.WriteText(Target, texts[i]);
                    written[i] = true;
                }
                catch (LatentException e)
                {
                    Assert.Contains("is being written by another run", e.Message, StringComparison.Ordinal);
                }
            }
        );
        Assert.Contains(File.ReadAllText(Target), texts.Where((_, i) => written[i]));
        Assert.Equal([Target], Directory.GetFileSystemEntries(_folder));
    }
}

using Latent.Contracts.Bundles;

namespace Latent.Contracts.Tests;

public sealed class BundleWriterTests : IDisposable
{
    private readonly string _parent = Samples.TemporaryFolder();

    private string Destination => Path.Combine(_parent, "small-vae");

    public void Dispose() => Directory.Delete(_parent, true);

    [Fact]
    public void A_complete_bundle_has_its_name_its_files_and_nothing_beside_it()
    {
        var manifest = Export("first");
        Assert.Equal([Destination], Directory.GetFileSystemEntries(_parent));
        var bundle = BundleFolder.Open(Destination);
        Assert.Equal("first", File.ReadAllText(bundle.PathOf(BundleRole.Encoder)));
        Assert.Equal(
            [("encoder.onnx", BundleRole.Encoder, 5L), ("pictures/curves.png", BundleRole.Picture, 3L)],
            bundle.Manifest.Files.Select(f => (f.Path, f.Role, f.Bytes))
        );
        Assert.Equal(ManifestFile.ToJson(manifest), ManifestFile.ToJson(bundle.Manifest));
    }

    [Fact]
    public void An_existing_bundle_is_replaced_only_when_the_new_one_is_whole()
    {
        Export("first");
        using (var writer = BundleWriter.Begin(Destination))
        {
            File.WriteAllText(Path.Combine(writer.Folder, "encoder.onnx"), "interrupted");
            Assert.Equal("first", File.ReadAllText(BundleFolder.Open(Destination).PathOf(BundleRole.Encoder)));
        }

        Assert.Equal("first", File.ReadAllText(BundleFolder.Open(Destination).PathOf(BundleRole.Encoder)));
        Assert.Equal([Destination], Directory.GetFileSystemEntries(_parent));
        Export("second");
        Assert.Equal("second", File.ReadAllText(BundleFolder.Open(Destination).PathOf(BundleRole.Encoder)));
        Assert.Equal([Destination], Directory.GetFileSystemEntries(_parent));
    }

    [Fact]
    public void A_manifest_that_cannot_be_written_leaves_the_existing_bundle()
    {
        Export("first");
        using (var writer = BundleWriter.Begin(Destination))
        {
            File.WriteAllText(Path.Combine(writer.Folder, "encoder.onnx"), "second");
            Assert.Throws<LatentException>(() => writer.Complete(Samples.Manifest() with { LatentDimension = 0 }));
        }

        Assert.Equal("first", File.ReadAllText(BundleFolder.Open(Destination).PathOf(BundleRole.Encoder)));
    }

    [Fact]
    public void A_folder_that_something_else_owns_is_refused_before_and_after_the_work()
    {
        Directory.CreateDirectory(Destination);
        using var writer = BundleWriter.Begin(Destination);
        File.WriteAllText(Path.Combine(Destination, "thesis.txt"), "mine");
        var message =
            $"{Destination} is a folder that something else owns: it is not empty and holds no bundle, so choose another name or empty it.";
        Assert.Equal(message, Assert.Throws<LatentException>(() => BundleWriter.Begin(Destination)).Message);
        Assert.Equal(message, Assert.Throws<LatentException>(() => writer.Complete(Samples.Manifest())).Message);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(Destination, "thesis.txt")));
    }

    [Fact]
    public void A_file_in_the_bundles_place_is_refused()
    {
        File.WriteAllText(Destination, "mine");
        Assert.Contains(
            "is a file; a bundle needs a folder",
            Assert.Throws<LatentException>(() => BundleWriter.Begin(Destination)).Message
        );
    }

    [Fact]
    public void What_dead_writers_left_is_cleared_away_by_the_next_one_that_holds_the_lock()
    {
        string[] stale =
        [
            ".small-vae.0123abcd.tmp",
            $".small-vae.host-{Environment.ProcessId}-1790000000-0123abcd.tmp",
            ".small-vae.elsewhere-7-1790000000-0123abcd.tmp",
        ];
        string[] foreign = [".small-vae.notes.tmp", ".small-vae.0123abcd.tmp.kept", ".small-vae-2.0123abcd.tmp", ".small-vae.run"];
        foreach (var folder in stale.Concat(foreign))
            Directory.CreateDirectory(Path.Combine(_parent, folder));
        Export("first");
        Assert.Equal(foreign.Append("small-vae").Order(), Directory.GetFileSystemEntries(_parent).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Nothing_is_cleared_away_while_another_holds_the_lock()
    {
        using (var first = BundleWriter.Begin(Destination))
        {
            File.WriteAllText(Path.Combine(first.Folder, "encoder.onnx"), "first");
            var refusal = Assert.Throws<LatentException>(() => BundleWriter.Begin(Destination)).Message;
            Assert.StartsWith($"Another run holds {Destination}, or ", refusal);
            first.Complete(Samples.Manifest());
        }

        Assert.Equal("first", File.ReadAllText(BundleFolder.Open(Destination).PathOf(BundleRole.Encoder)));
        Export("second");
    }

    [Fact]
    public void The_lock_is_one_for_all_names_of_a_folder_and_stays_when_a_dead_process_left_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        Export("first");
        Directory.CreateSymbolicLink(Path.Combine(_parent, "latest"), "small-vae");
        File.WriteAllText(Path.Combine(_parent, ".small-vae.lock"), "left by a kill");
        using (BundleLock.Take(Path.Combine(_parent, "latest")))
            Assert.Throws<LatentException>(() => BundleLock.Take(Destination + Path.DirectorySeparatorChar));
        using (BundleLock.Take(Destination)) { }

        Assert.Equal(["latest", "small-vae"], Directory.GetFileSystemEntries(_parent).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Of_many_that_take_and_let_go_at_once_one_holds_it_at_a_time()
    {
        var (holders, most, taken) = (0, 0, 0);
        Parallel.For(
            0,
            8,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            _ =>
            {
                for (var i = 0; i < 200; i++)
                {
                    try
                    {
                        using var held = BundleLock.Take(Destination);
                        var now = Interlocked.Increment(ref holders);
                        lock (_parent)
                            (most, taken) = (Math.Max(most, now), taken + 1);
                        Interlocked.Decrement(ref holders);
                    }
                    catch (LatentException)
                    {
                        // Held by another.
                    }
                }
            }
        );
        Assert.Equal(1, most);
        Assert.InRange(taken, 1, 1600);
    }

    [Fact]
    public void A_bundle_left_under_its_hidden_name_by_a_kill_is_brought_back()
    {
        Export("first");
        Directory.Move(Destination, Path.Combine(_parent, ".small-vae.00000000.old"));
        using var writer = BundleWriter.Begin(Destination);
        Assert.Equal("first", File.ReadAllText(BundleFolder.Open(Destination).PathOf(BundleRole.Encoder)));
    }

    [Fact]
    public void What_somebody_put_beside_the_bundles_files_outlives_its_replacement()
    {
        Export("first");
        Directory.CreateDirectory(Path.Combine(Destination, "notes"));
        File.WriteAllText(Path.Combine(Destination, "notes", "mine.txt"), "mine");
        File.WriteAllText(Path.Combine(Destination, "drawn.png"), "drawn");
        Export("second");
        Assert.Equal(["encoder.onnx", "pictures/curves.png"], BundleFolder.Open(Destination).Manifest.Files.Select(file => file.Path));
        Assert.Equal(
            ["second", "mine", "drawn"],
            new[] { "encoder.onnx", "notes/mine.txt", "drawn.png" }.Select(file => File.ReadAllText(Path.Combine(Destination, file)))
        );
        Assert.Equal([Destination], Directory.GetFileSystemEntries(_parent));
    }

    [Fact]
    public void What_a_link_leads_to_is_replaced_and_the_link_stays()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        Export("first");
        var link = Directory.CreateSymbolicLink(Path.Combine(_parent, "latest"), "small-vae");
        using (var writer = BundleWriter.Begin(link.FullName))
        {
            File.WriteAllText(Path.Combine(writer.Folder, "encoder.onnx"), "second");
            writer.Complete(Samples.Manifest());
        }

        Assert.Equal("small-vae", new DirectoryInfo(link.FullName).LinkTarget);
        Assert.Equal("second", File.ReadAllText(BundleFolder.Open(Destination).PathOf(BundleRole.Encoder)));
    }

    [Fact]
    public void A_parent_that_cannot_be_made_is_told()
    {
        File.WriteAllText(Path.Combine(_parent, "file"), "");
        Assert.StartsWith(
            "The bundle ",
            Assert.Throws<LatentException>(() => BundleWriter.Begin(Path.Combine(_parent, "file", "bundle"))).Message
        );
    }

    private BundleManifest Export(string content)
    {
        using var writer = BundleWriter.Begin(Destination);
        File.WriteAllText(Path.Combine(writer.Folder, "encoder.onnx"), content);
        Directory.CreateDirectory(Path.Combine(writer.Folder, "pictures"));
        File.WriteAllText(Path.Combine(writer.Folder, "pictures", "curves.png"), "png");
        return writer.Complete(Samples.Manifest());
    }
}

using System.Diagnostics;
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
        Assert.Equal("first", File.ReadAllText(bundle.PathOf("encoder")));
        Assert.Equal(
            [("encoder.onnx", "encoder", 5L), ("pictures/curves.png", "picture", 3L)], bundle.Manifest.Files.Select(f => (f.Path, f.Role, f.Bytes)));
        Assert.Equal(ManifestFile.ToJson(manifest), ManifestFile.ToJson(bundle.Manifest));
    }

    [Fact]
    public void An_existing_bundle_is_replaced_only_when_the_new_one_is_whole()
    {
        Export("first");
        using (var writer = BundleWriter.Begin(Destination))
        {
            File.WriteAllText(Path.Combine(writer.Folder, "encoder.onnx"), "interrupted");
            Assert.Equal("first", File.ReadAllText(BundleFolder.Open(Destination).PathOf("encoder")));
        }
        Assert.Equal("first", File.ReadAllText(BundleFolder.Open(Destination).PathOf("encoder")));
        Assert.Equal([Destination], Directory.GetFileSystemEntries(_parent));
        Export("second");
        Assert.Equal("second", File.ReadAllText(BundleFolder.Open(Destination).PathOf("encoder")));
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
        Assert.Equal("first", File.ReadAllText(BundleFolder.Open(Destination).PathOf("encoder")));
    }

    [Fact]
    public void A_folder_that_something_else_owns_is_refused_before_and_after_the_work()
    {
        Directory.CreateDirectory(Destination);
        using var writer = BundleWriter.Begin(Destination);
        File.WriteAllText(Path.Combine(Destination, "thesis.txt"), "mine");
        var message = $"{Destination} is a folder that something else owns: it is not empty and holds no bundle, so choose another name or empty it.";
        Assert.Equal(message, Assert.Throws<LatentException>(() => BundleWriter.Begin(Destination)).Message);
        Assert.Equal(message, Assert.Throws<LatentException>(() => writer.Complete(Samples.Manifest())).Message);
        Assert.Equal("mine", File.ReadAllText(Path.Combine(Destination, "thesis.txt")));
    }

    [Fact]
    public void A_file_in_the_bundles_place_is_refused()
    {
        File.WriteAllText(Destination, "mine");
        Assert.Contains("is a file; a bundle needs a folder", Assert.Throws<LatentException>(() => BundleWriter.Begin(Destination)).Message);
    }

    [Fact]
    public void What_dead_processes_left_is_cleared_away_and_what_living_ones_use_is_not()
    {
        var host = string.Concat(Environment.MachineName.Where(char.IsAsciiLetterOrDigit));
        using var self = Process.GetCurrentProcess();
        var began = new DateTimeOffset(self.StartTime).ToUnixTimeSeconds();
        var dead = Directory.CreateDirectory(Path.Combine(_parent, $".small-vae.{host}-{int.MaxValue}-{began}-00000000.tmp"));
        var reborn = Directory.CreateDirectory(Path.Combine(_parent, $".small-vae.{host}-{self.Id}-{began - 60}-00000000.tmp"));
        var alive = Directory.CreateDirectory(Path.Combine(_parent, $".small-vae.{host}-{self.Id}-{began}-00000000.tmp"));
        var foreign = Directory.CreateDirectory(Path.Combine(_parent, $".small-vae.elsewhere-{int.MaxValue}-{began}-00000000.tmp"));
        var odd = Directory.CreateDirectory(Path.Combine(_parent, $".small-vae.{host}-notes.tmp"));
        Export("first");
        Assert.Equal([false, false, true, true, true], new[] { dead, reborn, alive, foreign, odd }.Select(folder => Directory.Exists(folder.FullName)));
    }

    [Fact]
    public void A_bundle_left_under_its_hidden_name_by_a_kill_is_brought_back()
    {
        Export("first");
        var host = string.Concat(Environment.MachineName.Where(char.IsAsciiLetterOrDigit));
        Directory.Move(Destination, Path.Combine(_parent, $".small-vae.{host}-{int.MaxValue}-0-00000000.old"));
        using var writer = BundleWriter.Begin(Destination);
        Assert.Equal("first", File.ReadAllText(BundleFolder.Open(Destination).PathOf("encoder")));
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
        Assert.Equal(["second", "mine", "drawn"], new[] { "encoder.onnx", "notes/mine.txt", "drawn.png" }.Select(file => File.ReadAllText(Path.Combine(Destination, file))));
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
        Assert.Equal("second", File.ReadAllText(BundleFolder.Open(Destination).PathOf("encoder")));
    }

    [Fact]
    public void A_parent_that_cannot_be_made_is_told()
    {
        File.WriteAllText(Path.Combine(_parent, "file"), "");
        Assert.StartsWith("The bundle ", Assert.Throws<LatentException>(() => BundleWriter.Begin(Path.Combine(_parent, "file", "bundle"))).Message);
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

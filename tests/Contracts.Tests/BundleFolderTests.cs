using Latent.Contracts.Bundles;

namespace Latent.Contracts.Tests;

public sealed class BundleFolderTests : IDisposable
{
    private readonly string _parent = Samples.TemporaryFolder();
    private readonly string _bundle;

    public BundleFolderTests()
    {
        _bundle = Path.Combine(_parent, "b");
        using var writer = BundleWriter.Begin(_bundle);
        File.WriteAllText(Path.Combine(writer.Folder, "encoder.onnx"), "weights");
        writer.Complete(Samples.Manifest());
    }

    public void Dispose() => Directory.Delete(_parent, true);

    [Fact]
    public void A_missing_file_is_named()
    {
        File.Delete(Path.Combine(_bundle, "encoder.onnx"));
        Assert.Equal($"The bundle {_bundle} is not whole: encoder.onnx is missing.", Refusal());
    }

    [Fact]
    public void A_truncated_file_is_named_with_both_lengths()
    {
        File.WriteAllText(Path.Combine(_bundle, "encoder.onnx"), "weigh");
        Assert.Equal($"The bundle {_bundle} is damaged: encoder.onnx has 5 bytes, but the manifest says 7.", Refusal());
    }

    [Fact]
    public void A_changed_byte_is_found()
    {
        File.WriteAllText(Path.Combine(_bundle, "encoder.onnx"), "Weights");
        Assert.Equal(
            $"The bundle {_bundle} is damaged: encoder.onnx is not the file that was exported (its SHA-256 differs from the manifest's).",
            Refusal()
        );
    }

    [Fact]
    public void A_file_that_is_replaced_after_the_bundle_was_opened_is_not_given()
    {
        var bundle = BundleFolder.Open(_bundle);
        Assert.Equal("weights"u8.ToArray(), bundle.Read(BundleRole.Encoder));
        File.WriteAllText(Path.Combine(_bundle, "encoder.onnx"), "Weights");
        Assert.Contains("is not the file that was exported", Assert.Throws<LatentException>(() => bundle.Read(BundleRole.Encoder)).Message);
        File.WriteAllText(Path.Combine(_bundle, "encoder.onnx"), "more weights");
        Assert.Contains(
            "has 12 bytes, but the manifest says 7",
            Assert.Throws<LatentException>(() => bundle.Read(BundleRole.Encoder)).Message
        );
    }

    [Fact]
    public void A_bundle_of_links_is_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege there");
        var linked = Directory.CreateDirectory(Path.Combine(_parent, "linked")).FullName;
        foreach (var name in new[] { "manifest.json", "encoder.onnx" })
            File.CreateSymbolicLink(Path.Combine(linked, name), Path.Combine("..", "b", name));
        Directory.CreateSymbolicLink(Path.Combine(_parent, "twice"), "linked");
        Assert.Equal("weights"u8.ToArray(), BundleFolder.Open(Path.Combine(_parent, "twice")).Read(BundleRole.Encoder));
    }

    [Theory]
    [InlineData("encoder.onnx", 7)]
    [InlineData("encoder.onnx", 0)]
    [InlineData("manifest.json", 7)]
    public void A_device_is_not_read(string name, int stated)
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "there are no devices here");
        var manifest = Path.Combine(_bundle, "manifest.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"bytes\": 7", $"\"bytes\": {stated}"));
        File.Delete(Path.Combine(_bundle, name));
        File.CreateSymbolicLink(Path.Combine(_bundle, name), "/dev/zero");
        Assert.Matches("has 0 bytes, but|is not the file that|is empty, or no regular file", Refusal());
    }

    [Fact]
    public void A_manifest_of_fifty_gigabytes_is_refused_unread()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a file with a hole takes no room there");
        using (var file = new FileStream(Path.Combine(_bundle, "manifest.json"), FileMode.Open, FileAccess.Write))
            file.SetLength(50L << 30);
        Assert.Equal(
            $"{Path.Combine(_bundle, "manifest.json")} has 53687091200 bytes, more than the 16777216 that such a file may have.",
            Refusal()
        );
    }

    [Fact]
    public void What_is_no_bundle_is_told()
    {
        Assert.Equal(
            "There is no bundle no/such: the folder does not exist.",
            Assert.Throws<LatentException>(() => BundleFolder.Open("no/such")).Message
        );
        Assert.Equal(
            $"{_parent} is not a bundle: it has no manifest.json.",
            Assert.Throws<LatentException>(() => BundleFolder.Open(_parent)).Message
        );
    }

    [Fact]
    public void A_role_that_the_bundle_lacks_is_told() =>
        Assert.Equal(
            $"The bundle {_bundle} has no decoder; it has encoder.",
            Assert.Throws<LatentException>(() => BundleFolder.Open(_bundle).PathOf(BundleRole.Decoder)).Message
        );

    private string Refusal() => Assert.Throws<LatentException>(() => BundleFolder.Open(_bundle)).Message;
}

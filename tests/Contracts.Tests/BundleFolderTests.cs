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
        Assert.Equal($"The bundle {_bundle} is damaged: encoder.onnx is not the file that was exported (its SHA-256 differs from the manifest's).", Refusal());
    }

    [Fact]
    public void What_is_no_bundle_is_told()
    {
        Assert.Equal("There is no bundle no/such: the folder does not exist.", Assert.Throws<LatentException>(() => BundleFolder.Open("no/such")).Message);
        Assert.Equal($"{_parent} is not a bundle: it has no manifest.json.", Assert.Throws<LatentException>(() => BundleFolder.Open(_parent)).Message);
    }

    [Fact]
    public void A_role_that_the_bundle_lacks_is_told() =>
        Assert.Equal($"The bundle {_bundle} has no decoder; it has encoder.", Assert.Throws<LatentException>(() => BundleFolder.Open(_bundle).PathOf("decoder")).Message);

    private string Refusal() => Assert.Throws<LatentException>(() => BundleFolder.Open(_bundle)).Message;
}

using Latent.Contracts.Bundles;

namespace Latent.Contracts.Tests;

public sealed class ManifestFileTests
{
    [Fact]
    public void What_is_written_reads_as_the_same_manifest()
    {
        var folder = Samples.TemporaryFolder();
        var manifest = Samples.Manifest() with { Files = [new BundleFile("encoder.onnx", BundleRole.Encoder, 12, new string('a', 64))] };
        ManifestFile.Write(manifest, folder);
        var read = ManifestFile.Read(folder);
        Assert.Equal(ManifestFile.ToJson(manifest), ManifestFile.ToJson(read));
        Assert.Equal(
            (1.25, manifest.Created, manifest.Files[0], manifest.Machine),
            (read.Metrics["test.loss"], read.Created, read.Files[0], read.Machine)
        );
        Assert.Equal(manifest.StartedFrom, read.StartedFrom);
        Directory.Delete(folder, true);
    }

    [Fact]
    public void A_bundle_that_does_not_say_its_machine_is_read()
    {
        var without = Samples.Manifest() with { Machine = null };
        Assert.DoesNotContain("machine", ManifestFile.ToJson(without));
        Assert.Null(ManifestFile.Parse(ManifestFile.ToJson(without), "m.json").Machine);
    }

    [Fact]
    public void A_newer_schema_is_told_before_anything_else()
    {
        var e = Assert.Throws<LatentException>(() => ManifestFile.Parse("""{ "schemaVersion": 2, "novelty": true }""", "m.json"));
        Assert.Equal("m.json has schema version 2, but this program reads up to 1; a newer Latent is needed.", e.Message);
    }

    [Theory]
    [InlineData("\"latentDimension\": 2", "\"latentDimension\": 0", "latentDimension is 0; it must be from 1 to 1048576 (m.json).")]
    [InlineData("\"unit\": \"table\"", "\"unit\": \"furlong\"", "input.unit is \"furlong\"; it must be one of pixel, table (m.json")]
    [InlineData(
        "\"likelihood\": \"meanSquaredError\"",
        "\"likelihood\": \"poisson\"",
        "reconstruction.likelihood is \"poisson\"; it must be one of meanSquaredError, meanAbsoluteError, huber, columns, bernoulli, gaussian, laplace, discretizedLogistic, likelihood (m.json"
    )]
    [InlineData(
        "\"path\": \"encoder.onnx\"",
        "\"path\": \"../encoder.onnx\"",
        "files[0].path is ../encoder.onnx; it must be a path of its own inside the bundle, with forward slashes (m.json)."
    )]
    [InlineData("\"path\": \"encoder.onnx\"", "\"path\": \"/etc/passwd\"", "files[0].path is /etc/passwd")]
    [InlineData("\"path\": \"encoder.onnx\"", "\"path\": \"manifest.json\"", "files[0].path is manifest.json")]
    [InlineData("\"bytes\": 12", "\"bytes\": -12", "files[0].bytes is -12; it must be at least 0 (m.json).")]
    [InlineData(
        "\"machine\": \"AMD EPYC 7763, 2 processors, .NET 10.0.12\"",
        "\"machine\": 2",
        "machine is 2; it must be a text in quotes (m.json)."
    )]
    [InlineData("\"epochs\": 10,\n    \"sha256\": \"bb", "\"epochs\": 10,\n    \"sha256\": \"Bb", "startedFrom.sha256 is Bb")]
    [InlineData("\"test.loss\": 1.25", "\"test.loss\": \"low\"", "metrics.test.loss is \"low\"; it must be a number (m.json).")]
    public void A_value_that_cannot_be_is_named(string right, string wrong, string message)
    {
        var json = ManifestFile.ToJson(
            Samples.Manifest() with
            {
                Files = [new BundleFile("encoder.onnx", BundleRole.Encoder, 12, new string('a', 64))],
            }
        );
        Assert.Contains(right, json);
        Assert.Contains(message, Assert.Throws<LatentException>(() => ManifestFile.Parse(json.Replace(right, wrong), "m.json")).Message);
    }

    [Theory]
    [InlineData(
        "\"latentDimension\": 2",
        "\"latentDimension\": 4096",
        "latentDimension is 4096; it must be recipe.latent.dimension, 2 (m.json)."
    )]
    [InlineData(
        "\"ensemble\": 1",
        "\"ensemble\": 3",
        "latentDimension is 2; it must be recipe.latent.dimension times recipe.ensemble, 6 (m.json)."
    )]
    [InlineData("\"ensemble\": 1", "\"ensemble\": 0", "recipe.ensemble is 0; it must be from 1 to 16 (m.json).")]
    [InlineData("\"type\": \"relu\"", "\"type\": \"conv2d\"", "recipe.encoder[1].out is missing; conv2d needs it (m.json).")]
    [InlineData(
        "\"out\": 16",
        "\"out\": 2000000000",
        "recipe.encoder[0].out is 2000000000; it must be at least 1 and at most 1048576 (m.json)."
    )]
    [InlineData("\"out\": 8", "\"out\": 7", "decoder[2] linear gives [7], but the input is [8] (m.json).")]
    [InlineData("\"test.loss\": 1.25", "", "metrics has 20000 entries, more than the 10000 that it may have (m.json).")]
    public void What_does_not_belong_together_is_named(string right, string wrong, string message)
    {
        var json = ManifestFile.ToJson(Samples.Manifest());
        Assert.Contains(right, json);
        wrong = wrong.Length > 0 ? wrong : string.Join(", ", Enumerable.Range(0, 20_000).Select(i => $"\"m{i}\": 0"));
        Assert.Equal(message, Assert.Throws<LatentException>(() => ManifestFile.Parse(json.Replace(right, wrong), "m.json")).Message);
    }

    [Fact]
    public void A_figure_that_is_not_finite_is_not_written()
    {
        var manifest = Samples.Manifest() with { Metrics = new Dictionary<string, double> { ["test.loss"] = double.NaN } };
        Assert.Contains(
            "metrics.test.loss is NaN; it must be a finite number",
            Assert.Throws<LatentException>(() => ManifestFile.Write(manifest, ".")).Message
        );
    }
}

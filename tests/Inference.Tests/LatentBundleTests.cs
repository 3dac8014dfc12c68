using Latent.Contracts;
using Latent.Contracts.Bundles;
using Microsoft.ML;

namespace Latent.Tests;

public sealed class LatentBundleTests
{
    [Fact]
    public void A_flipped_byte_is_found_in_every_graph()
    {
        foreach (var role in (string[])["encoder", "decoder", "autoencoder"])
        {
            var folder = TestBundles.Write(TestBundles.TempFolder(), "table-vae");
            var path = Path.Combine(folder, role + ".onnx");
            var bytes = File.ReadAllBytes(path);
            bytes[bytes.Length / 2] ^= 1;
            File.WriteAllBytes(path, bytes);
            Assert.Contains($"{role}.onnx", Assert.Throws<LatentException>(() => LatentBundle.Load(folder)).Message);
        }
    }

    [Fact]
    public void A_missing_file_a_newer_schema_and_no_bundle_are_told_apart()
    {
        var folder = TestBundles.Write(TestBundles.TempFolder(), "table-vae");
        File.Delete(Path.Combine(folder, "decoder.onnx"));
        Assert.Contains("decoder.onnx", Assert.Throws<LatentException>(() => LatentBundle.Load(folder)).Message);
        var manifest = Path.Combine(folder, "manifest.json");
        File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"schemaVersion\": 1", "\"schemaVersion\": 99"));
        Assert.Contains("has schema version 99", Assert.Throws<LatentException>(() => LatentBundle.Load(folder)).Message);
        Assert.Contains(
            "the folder does not exist",
            Assert.Throws<LatentException>(() => LatentBundle.Load(folder + "-not-there")).Message
        );
    }

    [Fact]
    public void A_graph_that_is_none_is_refused_when_it_is_needed()
    {
        var parent = TestBundles.TempFolder();
        using (var writer = Contracts.Bundles.BundleWriter.Begin(Path.Combine(parent, "odd")))
        {
            foreach (var role in (string[])["encoder", "decoder", "autoencoder"])
                File.WriteAllText(Path.Combine(writer.Folder, role + ".onnx"), "this is not a graph");
            writer.Complete(Contracts.Bundles.ManifestFile.Read(TestBundles.Table));
        }

        using var bundle = LatentBundle.Load(Path.Combine(parent, "odd"));
        var message = Assert.Throws<LatentException>(() => new GraphRunner(bundle, BundleRole.Encoder, 4, TensorNames.LatentMean)).Message;
        Assert.Contains("encoder.onnx cannot be loaded as an ONNX graph", message);
        Assert.DoesNotContain("\n", message);
    }

    [Fact]
    public void A_gpu_that_is_not_there_is_refused_or_fallen_back_from()
    {
        using var strict = LatentBundle.Load(TestBundles.Table, new LatentBundleOptions { GpuDevice = 0 });
        LatentException? refusal = null;
        try
        {
            using var runner = new GraphRunner(strict, BundleRole.Encoder, 1, TensorNames.LatentMean);
        }
        catch (LatentException e)
        {
            refusal = e;
        }

        Assert.SkipWhen(refusal is null, "There is a CUDA device here.");
        Assert.Contains("CUDA device 0 cannot be used", refusal!.Message);
        using var lenient = LatentBundle.Load(TestBundles.Table, new LatentBundleOptions { GpuDevice = 0, FallBackToCpu = true });
        Assert.Null(lenient.FallBackReason);
        using var fallen = new GraphRunner(lenient, BundleRole.Encoder, 1, TensorNames.LatentMean);
        Assert.Equal(refusal.Message, lenient.FallBackReason);
        fallen.Run(1);
    }

    [Fact]
    public void Twenty_threads_that_score_while_another_disposes_end_with_a_clear_exception()
    {
        var ml = new MLContext();
        for (var round = 0; round < 5; round++)
        {
            var bundle = LatentBundle.Load(TestBundles.Table, new LatentBundleOptions { Threads = 1 });
            var data = ml.Data.LoadFromEnumerable(TableRow.From(Rows.Table(50)));
            var encoded = ml.Latent().Encode(bundle, new EncodeOptions { BatchSize = 5 }).Fit(data).Transform(data);
            using var started = new CountdownEvent(20);
            var ends = new Exception?[20];
            var threads = Enumerable
                .Range(0, 20)
                .Select(i => new Thread(() =>
                {
                    var pass = 0;
                    try
                    {
                        for (; ; pass++)
                        {
                            Rows.Vectors(encoded, "Code");
                            if (pass == 0)
                                started.Signal();
                        }
                    }
                    catch (Exception e)
                    {
                        ends[i] = e;
                        if (pass == 0)
                            started.Signal();
                    }
                }))
                .ToArray();
            Array.ForEach(threads, t => t.Start());
            started.Wait(TestContext.Current.CancellationToken);
            bundle.Dispose();
            Array.ForEach(threads, t => t.Join());
            Assert.All(ends, e => Assert.Contains("was disposed", Assert.IsType<ObjectDisposedException>(e).Message));
            bundle.Dispose();
        }
    }

    [Fact]
    public void A_runner_checks_its_rows()
    {
        using var bundle = LatentBundle.Load(TestBundles.Table);
        using var runner = new GraphRunner(bundle, BundleRole.Autoencoder, 4, TensorNames.Output, TensorNames.Kl);
        Assert.Equal((6, 6, 1), (runner.InputLength, runner.OutputLength(0), runner.OutputLength(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => runner.Run(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => runner.Run(5));
        var rows = Rows.Table(4);
        foreach (var count in (int[])[4, 2, 3, 4, 1])
        {
            for (var i = 0; i < count; i++)
                rows[i].CopyTo(runner.InputRow(i));
            runner.Run(count);
            var expected = Rows.Raw(TestBundles.Table, "autoencoder", TensorNames.Output, rows[..count]);
            for (var i = 0; i < count; i++)
                Assert.Equal(expected[i], runner.Output(0, i).ToArray());
        }

        Assert.Throws<LatentException>(() => new GraphRunner(bundle, BundleRole.Autoencoder, 4, "nonsense"));
    }
}

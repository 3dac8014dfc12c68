using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Inference.Saving;
using static Latent.Inference.Saving.OnnxFields;

namespace Latent.Tests;

/// <summary>
/// Bundles that are whole by their hashes, but whose graphs are not what the manifest says, or do what no exported graph does.
/// </summary>
public sealed class GraphContentsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("latent-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Loop", "")]
    [InlineData("ConstantOfShape", "")]
    [InlineData("Ceil", "")]
    [InlineData("Add", "com.microsoft")]
    public void An_operator_that_no_export_writes_is_refused_by_name(string type, string domain)
    {
        var bundle = Changed(graph => graph.Add(Node, MakeNode(type).Add(Domain, domain)));
        Refuses(
            bundle,
            $"encoder.onnx has the operator {(domain.Length > 0 ? domain + "." : "")}{type}, which Latent's export never writes; "
        );
    }

    [Fact]
    public void Any_operator_runs_where_the_user_says_so()
    {
        var folder = Changed(graph => graph.Add(Node, MakeNode("Ceil")));
        Refuses(folder, "the operator Ceil");
        using var bundle = LatentBundle.Load(folder, new LatentBundleOptions { AllowAnyOperator = true });
        using var runner = new GraphRunner(bundle, BundleRole.Encoder, 1, TensorNames.LatentMean);
        runner.Run(1);
    }

    [Fact]
    public void A_graph_within_a_node_is_refused() =>
        Refuses(
            Changed(graph =>
                graph.Add(
                    Node,
                    MakeNode("Identity").Add(NodeAttribute, new WireMessage().Add(Subgraph, new WireMessage().Add(Node, MakeNode("Loop"))))
                )
            ),
            "a graph or sparse tensor within Identity"
        );

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Weights_outside_the_file_are_refused_even_where_any_operator_runs(bool anyOperator)
    {
        File.WriteAllBytes(Path.Combine(_folder, "weights.bin"), new byte[64]);
        var entry = new WireMessage().Add(1, "location").Add(2, "../weights.bin");
        var bundle = Changed(graph => graph.Add(Initializer, Tensor("outside").Add(ExternalData, entry).Add(DataLocation, 1)));
        Refuses(
            bundle,
            "encoder.onnx keeps the values of outside in another file",
            new LatentBundleOptions { AllowAnyOperator = anyOperator }
        );
    }

    [Fact]
    public void A_tensor_that_claims_more_values_than_the_file_has_is_refused() =>
        Refuses(
            Changed(graph =>
                graph.Add(
                    Initializer,
                    Tensor("huge").Add(TensorDimensions, 1 << 30).Add(TensorDimensions, 1 << 30).Add(TensorBytes, new byte[8])
                )
            ),
            "encoder.onnx is damaged: huge is said to have 1152921504606850000 values, but 8 bytes are there for it."
        );

    [Fact]
    public void A_graph_that_is_replaced_after_the_bundle_was_loaded_is_not_run()
    {
        var folder = Changed(_ => { });
        using var bundle = LatentBundle.Load(folder);
        File.Copy(Path.Combine(folder, "autoencoder.onnx"), Path.Combine(folder, "encoder.onnx"), overwrite: true);
        var refusal = Assert.Throws<LatentException>(() => new GraphRunner(bundle, BundleRole.Encoder, 1, TensorNames.LatentMean)).Message;
        Assert.Contains("is damaged: encoder.onnx", refusal);
    }

    [Fact]
    public void A_code_of_another_length_than_the_graphs_is_told()
    {
        var manifest = ManifestFile.Read(TestBundles.Table);
        manifest = manifest with
        {
            LatentDimension = 4,
            Recipe = manifest.Recipe with { Latent = manifest.Recipe.Latent with { Dimension = 4 } },
        };
        Refuses(Changed(_ => { }, manifest), "encoder.onnx is [?, 3], but by the manifest's latentDimension it must be [batch, 4].");
    }

    [Fact]
    public void A_batch_that_would_fill_the_memory_is_refused_with_its_size_before_it_is_made()
    {
        using var bundle = LatentBundle.Load(TestBundles.Table);
        var refusal = Assert
            .Throws<LatentException>(() => new GraphRunner(bundle, BundleRole.Encoder, int.MaxValue, TensorNames.LatentMean))
            .Message;
        Assert.Matches(
            @"^A batch of 2147483647 rows takes 77\.3 GB for the encoder's inputs and outputs, more than it may have of the \d+\.\d GB of this process; a batch size of \d+ fits\.$",
            refusal
        );
    }

    [Fact]
    public void More_threads_than_processors_can_use_are_refused()
    {
        var most = 4 * Environment.ProcessorCount;
        LatentBundle.Load(TestBundles.Table, new LatentBundleOptions { Threads = most }).Dispose();
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            LatentBundle.Load(TestBundles.Table, new LatentBundleOptions { Threads = most + 1 })
        );
    }

    private static void Refuses(string folder, string message, LatentBundleOptions? options = null)
    {
        using var bundle = LatentBundle.Load(folder, options);
        var refusal = Assert.Throws<LatentException>(() => new GraphRunner(bundle, BundleRole.Encoder, 1, TensorNames.LatentMean)).Message;
        Assert.Contains(message, refusal);
        Assert.DoesNotContain('\n', refusal);
    }

    private string Changed(Action<WireMessage> change, BundleManifest? manifest = null)
    {
        var folder = Path.Combine(_folder, "changed");
        using var writer = BundleWriter.Begin(folder);
        foreach (var role in (string[])["encoder", "decoder", "autoencoder"])
            File.Copy(Path.Combine(TestBundles.Table, role + ".onnx"), Path.Combine(writer.Folder, role + ".onnx"));
        var path = Path.Combine(writer.Folder, "encoder.onnx");
        var model = WireMessage.Parse(File.ReadAllBytes(path));
        model.ReplaceMessages(Graph, change);
        File.WriteAllBytes(path, model.ToArray());
        writer.Complete(manifest ?? ManifestFile.Read(TestBundles.Table));
        return folder;
    }

    private static WireMessage MakeNode(string type) =>
        new WireMessage().Add(NodeInput, TensorNames.LatentMean).Add(NodeOutput, "extra").Add(OpType, type);

    private static WireMessage Tensor(string name) => new WireMessage().Add(DataType, 1).Add(TensorName, name);
}

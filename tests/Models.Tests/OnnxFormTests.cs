using System.Diagnostics;
using Latent.Contracts;
using Latent.Models.Onnx.Proto;
using static TorchSharp.torch;

namespace Latent.Models.Tests;

public sealed class OnnxFormTests(ITestOutputHelper output)
{
    private const string Check = """
        import sys, onnx
        from onnx import checker, shape_inference
        print(onnx.__version__)
        for path in sys.argv[1:]:
            model = onnx.load(path)
            checker.check_model(model, full_check=True)
            declared = {o.name: o.type for o in model.graph.output}
            del model.graph.output[:]
            inferred = {v.name: v.type for v in shape_inference.infer_shapes(model, check_type=True, strict_mode=True).graph.value_info}
            for node in model.graph.node:
                assert node.output[0] in inferred, f"{path}: no shape for {node.output[0]}"
            for name, type in declared.items():
                assert inferred[name] == type, f"{path}: {name} is {inferred[name]}"
        """;

    public static TheoryData<string> Recipes => OnnxAgreementTests.Recipes;

    [Theory]
    [MemberData(nameof(Recipes))]
    public async Task The_graphs_pass_the_full_check_of_onnx(string name)
    {
        var start = new ProcessStartInfo("/usr/bin/python3") { RedirectStandardError = true, RedirectStandardOutput = true };
        Assert.SkipUnless(File.Exists(start.FileName), "There is no /usr/bin/python3 here.");
        using var exported = Export(name);
        foreach (
            var argument in new[] { "-c", Check, exported.PathOf("encoder"), exported.PathOf("decoder"), exported.PathOf("autoencoder") }
        )
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var version = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen((await error).Contains("No module named 'onnx'", StringComparison.Ordinal), "python3-onnx is not installed here.");
        Assert.True(process.ExitCode == 0, await error);
        output.WriteLine($"{name}: checked by onnx {version.Trim()}");
    }

    [Fact]
    public void Graphs_explain_themselves()
    {
        using var scope = NewDisposeScope();
        using var model = Fixtures.Model(Fixtures.Small("\"reconstruction\": \"meanSquaredError\""), new Scaling([1], [2]), 4);
        using var exported = new ExportedModel(model);
        var proto = ModelProto.Parser.ParseFrom(File.ReadAllBytes(exported.PathOf("autoencoder")));
        Assert.Equal((8, 17), (proto.IrVersion, proto.OpsetImport.Single().Version));
        Assert.Equal(("Latent", "autoencoder"), (proto.ProducerName, proto.Graph.Name));
        Assert.Equal(
            [TensorNames.LatentMean, TensorNames.LatentLogVariance, TensorNames.Output, TensorNames.ReconstructionError, TensorNames.Kl],
            proto.Graph.Output.Select(o => o.Name)
        );
        Assert.All(
            proto.Graph.Input.Concat(proto.Graph.Output),
            v => Assert.Equal(TensorNames.Batch, v.Type.TensorType.Shape.Dim[0].DimParam)
        );
        var metadata = proto.MetadataProps.ToDictionary(m => m.Key, m => m.Value);
        Assert.Equal(
            ("test", "variational", "2", "[4]", "meanSquaredError"),
            (
                metadata["latent.name"],
                metadata["latent.kind"],
                metadata["latent.dimension"],
                metadata["latent.input_shape"],
                metadata["latent.likelihood"]
            )
        );
        Assert.Equal(
            ["encoder.0.linear", "encoder.1.tanh"],
            proto.Graph.Node.Select(n => n.Name).Where(n => n.StartsWith("encoder.", StringComparison.Ordinal))
        );
        Assert.Equal(
            ["decoder.0.bias", "decoder.0.weight", "decoder.2.bias", "decoder.2.weight"],
            proto
                .Graph.Initializer.Select(n => n.Name)
                .Where(n => n.StartsWith("decoder.", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal)
        );
        Assert.DoesNotContain(
            proto.Graph.Node,
            n => n.OpType.StartsWith("Random", StringComparison.Ordinal) || n.OpType is "Bernoulli" or "Multinomial"
        );
        Assert.Equal(proto.MetadataProps.Count, exported.Session("encoder").ModelMetadata.CustomMetadataMap.Count);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        using var scope = NewDisposeScope();
        using var model = Fixtures.Model(Fixtures.Small("\"reconstruction\": \"meanSquaredError\""), 4);
        var e = Assert.Throws<LatentException>(() => Onnx.OnnxExport.Write(model, Fixtures.Manifest(model), "no/such/folder"));
        Assert.Contains("no/such/folder", e.Message);
        Assert.Contains("cannot be written", e.Message);
    }

    private static ExportedModel Export(string name)
    {
        using var scope = NewDisposeScope();
        using var model = Fixtures.TrainerModel(name);
        return new ExportedModel(model);
    }
}

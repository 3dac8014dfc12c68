using Latent.Contracts;
using Latent.Inference.Scoring;
using Microsoft.ML.OnnxRuntime;

namespace Latent.Tests;

public sealed class GraphPruningTests
{
    private static readonly byte[] s_graph = File.ReadAllBytes(Path.Combine(TestBundles.Passengers, "autoencoder.onnx"));

    [Fact]
    public void Only_what_the_outputs_need_is_kept_and_computes_the_same()
    {
        var pruned = GraphPruning.Keep(s_graph, [TensorNames.Score]);
        Assert.InRange(pruned.Length, 1, s_graph.Length - 1);
        using var bundle = LatentBundle.Load(TestBundles.Passengers);
        var cells = bundle.Manifest.Input.Table!.Columns.Select(column => column.Levels is null ? 1.5f : 0).ToArray();
        var tensors = new RowTensors(bundle.Manifest.Input);
        using var whole = new GraphSession("whole", s_graph, gpu: null, threads: 1);
        using var part = new GraphSession("part", s_graph, gpu: null, threads: 1, outputs: [TensorNames.Score]);
        Assert.Equal([TensorNames.Score], part.Outputs);
        Assert.Equal(Scores(whole), Scores(part));

        float Scores(GraphSession session)
        {
            var inputs = tensors.Create(cells);
            using var outputs = session.Run(tensors.Names, inputs, [TensorNames.Score]);
            foreach (var input in inputs)
                input.Dispose();
            return outputs[0].GetTensorDataAsSpan<float>()[0];
        }
    }

    [Fact]
    public void Where_all_is_needed_or_nothing_is_there_the_graph_stays_as_it_is()
    {
        using var session = new InferenceSession(s_graph);
        Assert.Same(s_graph, GraphPruning.Keep(s_graph, [.. session.OutputMetadata.Keys]));
        Assert.Same(s_graph, GraphPruning.Keep(s_graph, ["no such output"]));
    }
}

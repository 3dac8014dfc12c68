using Latent.Contracts;
using Latent.Models.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Latent.Models.Tests;

/// <summary>A model's graphs, run by ONNX Runtime.</summary>
internal sealed class ExportedModel : IDisposable
{
    private readonly string _folder = Fixtures.TemporaryFolder();
    private readonly Dictionary<string, InferenceSession> _sessions = [];
    private readonly IReadOnlyList<string>? _classes;

    public ExportedModel(Autoencoder model)
    {
        _classes = model.Input.Classes;
        OnnxExport.Write(model, Fixtures.Manifest(model), _folder);
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        foreach (var graph in new[] { "encoder", "decoder", "autoencoder", "prior", "posterior" }.Where(name => File.Exists(PathOf(name))))
            _sessions[graph] = new InferenceSession(PathOf(graph), options);
    }

    public string PathOf(string graph) => Path.Combine(_folder, graph + ".onnx");

    public InferenceSession Session(string graph) => _sessions[graph];

    public Dictionary<string, float[]> Run(string graph, string input, float[] values, params long[] shape) =>
        Run(graph, (input, values, shape));

    public Dictionary<string, float[]> Run(string graph, params (string Name, float[] Values, long[] Shape)[] inputs)
    {
        using var results = _sessions[graph].Run([.. inputs.Select(Numbers), .. Labels(graph, (int)inputs[0].Shape[0])]);
        return results.ToDictionary(r => r.Name, r => r.AsEnumerable<float>().ToArray());
    }

    public void Dispose()
    {
        foreach (var session in _sessions.Values)
            session.Dispose();
        Directory.Delete(_folder, true);
    }

    // Each label in turn, for a graph that takes labels.
    private IEnumerable<NamedOnnxValue> Labels(string graph, int rows) =>
        _classes is not null && _sessions[graph].InputMetadata.ContainsKey(TensorNames.Condition)
            ?
            [
                NamedOnnxValue.CreateFromTensor(
                    TensorNames.Condition,
                    new DenseTensor<string>(Enumerable.Range(0, rows).Select(i => _classes[i % _classes.Count]).ToArray(), [rows, 1])
                ),
            ]
            : [];

    private static NamedOnnxValue Numbers((string Name, float[] Values, long[] Shape) input) =>
        NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<float>(input.Values, [.. input.Shape.Select(n => (int)n)]));
}

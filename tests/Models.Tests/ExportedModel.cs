using Latent.Models.Onnx;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Latent.Models.Tests;

/// <summary>A model's graphs, run by ONNX Runtime.</summary>
internal sealed class ExportedModel : IDisposable
{
    private readonly string _folder = Fixtures.TemporaryFolder();
    private readonly Dictionary<string, InferenceSession> _sessions = [];

    public ExportedModel(Autoencoder model)
    {
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
        using var results = _sessions[graph]
            .Run([
                .. inputs.Select(input =>
                    NamedOnnxValue.CreateFromTensor(input.Name, new DenseTensor<float>(input.Values, [.. input.Shape.Select(n => (int)n)]))
                ),
            ]);
        return results.ToDictionary(r => r.Name, r => r.AsEnumerable<float>().ToArray());
    }

    public void Dispose()
    {
        foreach (var session in _sessions.Values)
            session.Dispose();
        Directory.Delete(_folder, true);
    }
}

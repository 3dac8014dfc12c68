using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Inference.Scoring;
using Microsoft.ML.OnnxRuntime;

namespace Latent.Trainer.Evaluation;

/// <summary>Runs a bundle's three graphs in ONNX Runtime, in portions that fit memory.</summary>
internal sealed class BundleGraphs : IDisposable
{
    private const int Portion = 256;
    private readonly GraphSession _encoder;
    private readonly GraphSession _decoder;
    private readonly GraphSession _autoencoder;
    private readonly BundleManifest _manifest;
    private readonly CancellationTokenRegistration _stopping;

    /// <summary>Loads the graphs of a finished bundle.</summary>
    public BundleGraphs(BundleFolder bundle)
        : this(bundle.Manifest, role => (bundle.PathOf(role), bundle.Read(role)), default) { }

    /// <summary>Loads the graphs of an unfinished bundle; their runs end when <paramref name="stop"/> is cancelled.</summary>
    public BundleGraphs(string folder, BundleManifest manifest, CancellationToken stop)
        : this(manifest, role => (BundleFile.NameOf(role), File.ReadAllBytes(Path.Combine(folder, BundleFile.NameOf(role)))), stop) { }

    private BundleGraphs(BundleManifest manifest, Func<BundleRole, (string Source, byte[] Bytes)> graphs, CancellationToken stop)
    {
        _manifest = manifest;
        _encoder = Load(BundleRole.Encoder);
        _decoder = Load(BundleRole.Decoder);
        _autoencoder = Load(BundleRole.Autoencoder);
        _stopping = stop.Register(() =>
        {
            _encoder.Terminate();
            _decoder.Terminate();
            _autoencoder.Terminate();
        });
        Features = manifest.Input.Shape.Aggregate(1, (a, b) => a * b);

        GraphSession Load(BundleRole role)
        {
            var (source, bytes) = graphs(role);
            return new GraphSession(source, bytes, gpu: null, threads: 0);
        }
    }

    /// <summary>Gets the number of values of a row.</summary>
    public int Features { get; }

    /// <summary>Computes the mean code of each row, and its log-variance (empty for plain autoencoders), both [n, z].</summary>
    public (float[] Mean, float[] LogVariance) Encode(float[] rows)
    {
        string[] names =
            _manifest.Kind == ModelKind.Variational ? [TensorNames.LatentMean, TensorNames.LatentLogVariance] : [TensorNames.LatentMean];
        var outputs = Run(_encoder, TensorNames.Input, rows, [.. _manifest.Input.Shape], names);
        return (outputs[0], outputs.Length > 1 ? outputs[1] : []);
    }

    /// <summary>Computes the output of each code in data units, [n, features].</summary>
    public float[] Decode(float[] codes) => Run(_decoder, TensorNames.Latent, codes, [_manifest.LatentDimension], [TensorNames.Output])[0];

    /// <summary>Computes the output in data units and the reconstruction error of each row.</summary>
    public (float[] Output, float[] Error) Reconstruct(float[] rows)
    {
        var outputs = Run(
            _autoencoder,
            TensorNames.Input,
            rows,
            [.. _manifest.Input.Shape],
            [TensorNames.Output, TensorNames.ReconstructionError]
        );
        return (outputs[0], outputs[1]);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _encoder.Dispose();
        _decoder.Dispose();
        _autoencoder.Dispose();
    }

    private static float[][] Run(GraphSession session, string input, float[] rows, int[] shape, string[] outputs)
    {
        var size = shape.Aggregate(1, (a, b) => a * b);
        var results = outputs.Select(_ => new List<float>()).ToArray();
        for (var from = 0; from < rows.Length; from += Portion * size)
        {
            var length = Math.Min(Portion * size, rows.Length - from);
            long[] dimensions = [length / size, .. shape.Select(s => (long)s)];
            using var value = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, rows.AsMemory(from, length), dimensions);
            using var values = session.Run(input, value, outputs);
            for (var i = 0; i < outputs.Length; i++)
            {
                results[i].AddRange(values[i].GetTensorDataAsSpan<float>());
            }
        }

        return [.. results.Select(r => r.ToArray())];
    }
}

using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Inference.Scoring;
using Latent.Trainer.Data;
using Microsoft.ML.OnnxRuntime;

namespace Latent.Trainer.Evaluation;

/// <summary>Runs a bundle's graphs in ONNX Runtime, in portions that fit memory.</summary>
internal sealed class BundleGraphs : IDisposable
{
    private const int Portion = 256;
    private readonly GraphSession? _encoder;
    private readonly GraphSession? _decoder;
    private readonly GraphSession _autoencoder;
    private readonly GraphSession? _prior;
    private readonly GraphSession? _posterior;
    private readonly BundleManifest _manifest;
    private readonly RowTensors _rows;
    private readonly RowTensors? _codes;
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
        _rows = new RowTensors(manifest.Input);
        _codes = RowTensors.OfCodes(manifest);
        var hasCodes = manifest.Kind != ModelKind.Denoiser;
        _encoder = hasCodes ? Load(BundleRole.Encoder) : null;
        _decoder = hasCodes ? Load(BundleRole.Decoder) : null;
        _autoencoder = Load(BundleRole.Autoencoder);
        _prior = manifest.PriorNoise is null ? null : Load(BundleRole.Prior);
        _posterior = manifest.Recipe.Latent.HasNormalPosterior() ? null : Load(BundleRole.Posterior);
        _stopping = stop.Register(() =>
        {
            _encoder?.Terminate();
            _decoder?.Terminate();
            _autoencoder.Terminate();
            _prior?.Terminate();
            _posterior?.Terminate();
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

    /// <summary>Gets whether rows have codes; those of a denoiser have none.</summary>
    public bool HasCodes => _encoder is not null;

    /// <summary>Computes the mean code of each row, and its log-variance (empty for plain autoencoders), both [n, z].</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="labels">The label of each, which a bundle with a condition needs.</param>
    public (float[] Mean, float[] LogVariance) Encode(float[] rows, IReadOnlyList<string>? labels = null)
    {
        string[] names =
            _manifest.Kind == ModelKind.Variational ? [TensorNames.LatentMean, TensorNames.LatentLogVariance] : [TensorNames.LatentMean];
        var outputs = RunRows(_encoder!, rows, labels, names);
        return (outputs[0], outputs.Length > 1 ? outputs[1] : []);
    }

    /// <summary>Gets what <see cref="DrawCodes"/> makes codes of.</summary>
    public NoiseDescription Noise => _manifest.PriorNoise ?? new NoiseDescription(_manifest.LatentDimension, 0);

    /// <summary>Makes codes that are distributed as the prior, [n, z], of noise, [n, columns].</summary>
    public float[] DrawCodes(float[] noise) => _prior is null ? noise : PriorCodes.Run(_prior, noise, Noise.Normal + Noise.Uniform);

    /// <summary>Makes draws of q(z|x) of few rows, [n, z], of noise from N(0, 1), [n, z].</summary>
    public float[] DrawPosterior(float[] rows, IReadOnlyList<string>? labels, float[] mean, float[] logVariance, float[] noise)
    {
        if (_posterior is null)
            return [.. mean.Select((m, i) => m + (MathF.Exp(logVariance[i] / 2) * noise[i]))];
        var given = OrtValue.CreateTensorValueFromMemory(noise, [rows.Length / Features, _manifest.LatentDimension]);
        OrtValue[] values = [.. _rows.Create(Labelled(rows, labels, Features)), given];
        try
        {
            using var codes = _posterior.Run([.. _rows.Names, TensorNames.Noise], values, [TensorNames.Latent]);
            return codes[0].GetTensorDataAsSpan<float>().ToArray();
        }
        finally
        {
            foreach (var value in values)
                value.Dispose();
        }
    }

    /// <summary>Computes the KL divergence from the prior of each row, [n], or what stands for it; variational bundles only.</summary>
    public float[] Kl(float[] rows, IReadOnlyList<string>? labels = null) => RunRows(_autoencoder, rows, labels, [TensorNames.Kl])[0];

    /// <summary>Computes the output of each code in data units, [n, features].</summary>
    /// <param name="codes">The codes.</param>
    /// <param name="labels">The label of each, of a bundle with a condition; null for each label in turn.</param>
    public float[] Decode(float[] codes, IReadOnlyList<string>? labels = null)
    {
        var length = _manifest.LatentDimension;
        if (_codes is not null)
        {
            var classes = _manifest.Input.Classes!;
            labels ??= [.. Enumerable.Range(0, codes.Length / length).Select(i => classes[i % classes.Count])];
            return Run(_decoder!, _codes.Names, Labelled(codes, labels, length), _codes.Length, _codes.Create, [TensorNames.Output])[0];
        }

        return Run(
            _decoder!,
            [TensorNames.Latent],
            codes,
            length,
            part => [OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, part, [part.Length / length, length])],
            [TensorNames.Output]
        )[0];
    }

    /// <summary>Computes the errors of the columns of a table's rows, [n, columns], and the anomaly score of each row.</summary>
    public (float[] FeatureErrors, float[] Score) Score(float[] rows)
    {
        var outputs = RunRows(_autoencoder, rows, null, [TensorNames.FeatureErrors, TensorNames.Score]);
        return (outputs[0], outputs[1]);
    }

    /// <summary>Computes the output in data units and the reconstruction error of each row.</summary>
    public (float[] Output, float[] Error) Reconstruct(float[] rows, IReadOnlyList<string>? labels = null)
    {
        var outputs = RunRows(_autoencoder, rows, labels, [TensorNames.Output, TensorNames.ReconstructionError]);
        return (outputs[0], outputs[1]);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _encoder?.Dispose();
        _decoder?.Dispose();
        _autoencoder.Dispose();
        _prior?.Dispose();
        _posterior?.Dispose();
    }

    private float[][] RunRows(GraphSession session, float[] rows, IReadOnlyList<string>? labels, string[] outputs) =>
        Run(session, _rows.Names, Labelled(rows, labels, Features), _rows.Length, _rows.Create, outputs);

    private float[] Labelled(float[] values, IReadOnlyList<string>? labels, int length) =>
        _manifest.Input.Classes is { } classes ? DataSet.WithLabels(values, length, labels, classes) : values;

    private static float[][] Run(
        GraphSession session,
        string[] inputs,
        float[] rows,
        int length,
        Func<Memory<float>, OrtValue[]> tensors,
        string[] outputs
    )
    {
        var results = outputs.Select(_ => new List<float>()).ToArray();
        for (var from = 0; from < rows.Length; from += Portion * length)
        {
            var values = tensors(rows.AsMemory(from, Math.Min(Portion * length, rows.Length - from)));
            try
            {
                using var computed = session.Run(inputs, values, outputs);
                for (var i = 0; i < outputs.Length; i++)
                    results[i].AddRange(computed[i].GetTensorDataAsSpan<float>());
            }
            finally
            {
                foreach (var value in values)
                    value.Dispose();
            }
        }

        return [.. results.Select(r => r.ToArray())];
    }
}

using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Inference.Scoring;

namespace Latent;

/// <summary>
/// Represents a trained model that is ready to run: its manifest and its ONNX graphs, which are loaded when first needed. Every member may
/// be called from several threads. Dispose it when nothing reads from it any more: running computations are finished first, and later ones
/// throw <see cref="ObjectDisposedException"/>.
/// </summary>
public sealed class LatentBundle : IDisposable
{
    private readonly Dictionary<(BundleRole Role, int Threads, string? Outputs), GraphSession> _sessions = [];
    private readonly Func<BundleRole, (string Source, byte[] Bytes)> _graphs;
    private readonly LatentBundleOptions _options;
    private int? _gpu;
    private int _users = 1;
    private int _disposed;

    internal LatentBundle(
        string name,
        BundleManifest manifest,
        LatentBundleOptions? options,
        Func<BundleRole, (string Source, byte[] Bytes)> graphs
    )
    {
        _options = options ?? new LatentBundleOptions();
        _options.Validate();
        _graphs = graphs;
        Name = name;
        Manifest = manifest;
        InputLength = manifest.Input.Shape.Aggregate(1, (a, b) => a * b);
        _gpu = _options.GpuDevice;
    }

    /// <summary>Gets the bundle's folder, or the file in which it was saved.</summary>
    public string Name { get; }

    /// <summary>Gets the bundle's manifest.</summary>
    public BundleManifest Manifest { get; }

    /// <summary>Gets the number of values of a row: the product of the input's shape.</summary>
    public int InputLength { get; }

    /// <summary>Gets the length of a code.</summary>
    public int LatentDimension => Manifest.LatentDimension;

    /// <summary>Gets whether codes are distributions rather than points.</summary>
    public bool IsVariational => Manifest.Kind == ModelKind.Variational;

    /// <summary>
    /// Gets why graphs run on the processor although <see cref="LatentBundleOptions.GpuDevice"/> names a device, as a sentence; null if
    /// they run as requested, and before a graph is loaded.
    /// </summary>
    public string? FallBackReason { get; private set; }

    /// <summary>Gets the number of runs of a graph that a cursor may have in progress at a time.</summary>
    internal int RunsAtATime =>
        _gpu is not null ? 2
        : _options.Threads > 0 ? Math.Min(_options.Threads, Environment.ProcessorCount)
        : Environment.ProcessorCount;

    /// <summary>
    /// Reads a bundle, and compares the length and SHA-256 of every file with its manifest; a graph again before its first run, by the very
    /// bytes that are run.
    /// </summary>
    /// <param name="folder">The bundle's folder.</param>
    /// <param name="options">How its graphs are run; null for the defaults.</param>
    /// <exception cref="LatentException">There is no bundle, a file is missing or damaged, or it is of a newer schema.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public static LatentBundle Load(string folder, LatentBundleOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var files = BundleFolder.Open(folder);
        return new LatentBundle(folder, files.Manifest, options, role => (files.PathOf(role), files.Read(role)));
    }

    /// <summary>Stops new runs, and frees the graphs when the runs in progress are done.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            Leave();
    }

    /// <summary>Keeps the graphs alive until <see cref="Leave"/>.</summary>
    internal void Enter()
    {
        int users;
        do
        {
            users = Volatile.Read(ref _users);
            if (users == 0 || Volatile.Read(ref _disposed) != 0)
            {
                throw new ObjectDisposedException(
                    nameof(LatentBundle),
                    $"The bundle {Name} was disposed while something still scores through it."
                );
            }
        } while (Interlocked.CompareExchange(ref _users, users + 1, users) != users);
    }

    internal void Leave()
    {
        if (Interlocked.Decrement(ref _users) > 0)
            return;
        lock (_sessions)
        {
            foreach (var session in _sessions.Values)
                session.Dispose();
            _sessions.Clear();
        }
    }

    /// <summary>
    /// Gets the session of a graph, which is loaded if necessary; call it between <see cref="Enter"/> and <see cref="Leave"/>.
    /// </summary>
    /// <param name="role">The graph's role.</param>
    /// <param name="outputs">The outputs that runs compute; null for all.</param>
    /// <param name="onOneThread">Whether other runs keep the other processors busy.</param>
    internal GraphSession Session(BundleRole role, IReadOnlyList<string>? outputs = null, bool onOneThread = false)
    {
        lock (_sessions)
        {
            var threads = onOneThread && _gpu is null ? 1 : _options.Threads;
            var key = (role, threads, outputs is null ? null : string.Join('\n', outputs));
            if (_sessions.TryGetValue(key, out var session))
                return session;
            var (source, bytes) = _graphs(role);
            try
            {
                // A graph that runs elsewhere, or that Latent may not have written, runs as it is; a saved pipeline's has other names.
                var cuts = _gpu is null && !_options.AllowAnyOperator && (role is BundleRole.Encoder or BundleRole.Autoencoder);
                session = new GraphSession(
                    source,
                    bytes,
                    _gpu,
                    threads,
                    _options.AllowAnyOperator,
                    outputs,
                    cuts ? Manifest.Input.Table : null
                );
            }
            catch (LatentException e) when (_gpu is not null && _options.FallBackToCpu)
            {
                (_gpu, FallBackReason) = (null, e.Message);
                return Session(role, outputs, onOneThread);
            }

            try
            {
                CheckShapes(session, role);
            }
            catch
            {
                session.Dispose();
                throw;
            }

            _sessions.Add(key, session);
            return session;
        }
    }

    /// <summary>Gets the bytes of a graph.</summary>
    internal byte[] GraphBytes(BundleRole role) => _graphs(role).Bytes;

    /// <summary>Ends the runs in progress, and all later ones, with an <see cref="OperationCanceledException"/>.</summary>
    internal void Terminate()
    {
        lock (_sessions)
        {
            foreach (var session in _sessions.Values)
                session.Terminate();
        }
    }

    // The graphs of a saved pipeline have other names.
    private void CheckShapes(GraphSession session, BundleRole role)
    {
        if (role is not (BundleRole.Encoder or BundleRole.Decoder or BundleRole.Autoencoder or BundleRole.Prior))
            return;
        IReadOnlyList<int> row = Manifest.Input.Shape,
            code = [Manifest.LatentDimension];
        foreach (var tensor in (string[])[TensorNames.Input, TensorNames.Output])
            session.RequireShape(tensor, row, "input.shape");
        foreach (var tensor in (string[])[TensorNames.Latent, TensorNames.LatentMean, TensorNames.LatentLogVariance])
            session.RequireShape(tensor, code, "latentDimension");
        foreach (var tensor in (string[])[TensorNames.ReconstructionError, TensorNames.Kl, TensorNames.Score])
            session.RequireShape(tensor, [], "schemaVersion");
        if (Manifest.PriorNoise is { } noise)
            session.RequireShape(TensorNames.Noise, [noise.Normal + noise.Uniform], "priorNoise");
        session.RequireShape(TensorNames.FeatureErrors, row, "input.shape");
        if (Manifest.Input.Table is not { } table)
            return;
        session.RequireShape(TensorNames.Numbers, [table.Numbers().Count], "input.table");
        foreach (var tensor in (string[])[TensorNames.Categories, TensorNames.OutputCategories])
            session.RequireShape(tensor, [table.Categories().Count], "input.table");
    }
}

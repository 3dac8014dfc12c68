using static TorchSharp.torch;

namespace Latent.Benchmarks;

/// <summary>Trains a reference model on random data in [0, 1] with Adam(1e-3), the minibatches in memory.</summary>
internal sealed class ReferenceTraining : IDisposable
{
    private const int Minibatches = 8;
    private const int StepsBetweenLooks = 50;
    private const int StepsBetweenCollections = 64;
    private readonly ReferenceModel _model;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _data;
    private long _step;

    public ReferenceTraining(string name)
    {
        _model = ReferenceModels.Create(name);
        _optimizer = optim.Adam(_model.Loss.parameters(), 1e-3);
        _data = rand([_model.Batch * Minibatches, .. _model.RowShape]);
    }

    /// <summary>Rows of a minibatch.</summary>
    public int Batch => _model.Batch;

    /// <summary>Forward, loss, backward and optimizer; reads the loss now and then, as the peer does.</summary>
    public void Step()
    {
        if (_step % StepsBetweenCollections == 0)
            GC.Collect(1); // as Trainer's loop does
        using var scope = NewDisposeScope();
        var x = _data.narrow(0, _step % Minibatches * Batch, Batch);
        _optimizer.zero_grad();
        var value = _model.Loss.call(x);
        value.backward();
        _optimizer.step();
        if (_step++ % StepsBetweenLooks == 0 && !float.IsFinite(value.item<float>()))
            throw new InvalidOperationException($"{_model.Name} diverged at step {_step}; a benchmark of NaN says nothing.");
    }

    public void Dispose()
    {
        _data.Dispose();
        _optimizer.Dispose();
        _model.Loss.Dispose();
    }
}

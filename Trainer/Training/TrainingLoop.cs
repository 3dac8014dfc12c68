using System.Diagnostics;
using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Contracts.Training;
using Latent.Models.Objectives;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Data;
using Latent.Trainer.Engines;
using Latent.Trainer.Metrics;
using Latent.Trainer.Progress;
using static TorchSharp.torch;

namespace Latent.Trainer.Training;

/// <summary>Epochs and steps, from wherever the session's position is to the end.</summary>
internal sealed class TrainingLoop : IDisposable
{
    private const double SecondsBetweenFigures = 0.1;
    private const double ShortEpochSeconds = 1;
    private const int StepsBetweenCollections = 64;
    private readonly TrainingSession _session;
    private readonly RunFolder _folder;
    private readonly ITrainingDisplay _display;
    private readonly string _fingerprint;
    private readonly LearningRates _rates;
    private readonly Minibatches _train;
    private readonly Minibatches? _validation;
    private readonly DataSet? _curveRows;
    private readonly TrainingLog _log;
    private readonly Generator _generator;
    private readonly Stopwatch _clock = new();
    private readonly double _secondsBefore;
    private readonly long _stepBefore;
    private LossSums _sums;
    private double _epochSeconds;
    private double _lastFigures;
    private double _lastCheckpoint;
    private double _lastLine;
    private string? _lastGood;
    private double _rate;

    public TrainingLoop(TrainingSession session, DataSplits data, RunFolder folder, ITrainingDisplay display)
    {
        (_session, _folder, _display, _fingerprint) = (session, folder, display, data.Fingerprint);
        var position = session.Position;
        (_secondsBefore, _stepBefore, _epochSeconds) = (position.Seconds, position.Step, position.EpochSeconds);
        _rates = new LearningRates(session.Recipe);
        _train = new Minibatches(data.Train, session.Model, session.Device, session.Recipe.Data.Mirror);
        _validation = data.Validation is null ? null : new Minibatches(data.Validation, session.Model, session.Device);
        _curveRows = data.Test is not null && LikelihoodCurve.IsOf(session.Recipe) ? LikelihoodCurve.Rows(data.Test) : null;
        _log = new TrainingLog(folder.LogPath, position.LogBytes);
        _generator = new Generator(0, session.Device);
        _sums = new LossSums(position.EpochSums, position.EpochRows);
        if (position.Step > 0)
            _lastGood = FormattableString.Invariant($"the one of step {position.Step} in {folder.Path}");
    }

    private Recipe Recipe => _session.Recipe;

    private int StepsPerEpoch => (_train.Count + Recipe.Training.BatchSize - 1) / Recipe.Training.BatchSize;

    private double Seconds => _secondsBefore + _clock.Elapsed.TotalSeconds;

    /// <summary>Trains.</summary>
    /// <returns>False where it was told to stop, after a checkpoint.</returns>
    /// <exception cref="LatentException">The loss became NaN or infinite, or a checkpoint could not be written.</exception>
    public bool Run(CancellationToken stop)
    {
        _clock.Start();
        _session.Model.train();
        while (!_session.Position.Finished)
        {
            _rate = _rates.At(_session.Position.Epoch);
            _session.SetLearningRate(_rate);
            if (!RunEpoch(stop))
                return false;
        }

        return true;
    }

    public void Dispose()
    {
        _sums.Dispose();
        _generator.Dispose();
        _log.Dispose();
        _validation?.Dispose();
        _train.Dispose();
    }

    private bool RunEpoch(CancellationToken stop)
    {
        var position = _session.Position;
        var epochStarted = _clock.Elapsed.TotalSeconds - _epochSeconds;
        var beta = position.StepInEpoch == 0 ? 0 : _session.Objective.Beta(position.Epoch + ((position.StepInEpoch - 1) / (double)StepsPerEpoch));
        using var order = tensor(new SeededRandom(Recipe.Training.Seed, SeededRandom.Purpose.Order, position.Epoch).Permutation(_train.Count), device: _session.Device);
        for (var step = position.StepInEpoch; step < StepsPerEpoch; step++)
        {
            if (stop.IsCancellationRequested)
            {
                Save();
                return false;
            }

            beta = _session.Objective.Beta(position.Epoch + (step / (double)StepsPerEpoch));
            Step(order, step, beta);
            _epochSeconds = _clock.Elapsed.TotalSeconds - epochStarted;
            _session.Position = _session.Position with { Step = _session.Position.Step + 1, StepInEpoch = step + 1 };
            if (_clock.Elapsed.TotalSeconds - _lastFigures >= SecondsBetweenFigures)
                Show();
            if (step + 1 < StepsPerEpoch && _clock.Elapsed.TotalSeconds - _lastCheckpoint >= Recipe.Training.CheckpointSeconds)
                Save();
        }

        return EndEpoch(beta, stop);
    }

    private void Step(Tensor order, int step, double beta)
    {
        // The youngest generation may grow as large as the last-level cache before it is collected by itself; kept small, it stays
        // in the first caches, beside the weights, and the process doesn't grow. What survived the last time is dead by now, but would wait
        // in the next generation.
        if (step % StepsBetweenCollections == 0)
            GC.Collect(1);
        using var scope = NewDisposeScope();
        var first = step * Recipe.Training.BatchSize;
        var count = Math.Min(Recipe.Training.BatchSize, _train.Count - first);
        var seed = new SeededRandom(Recipe.Training.Seed, SeededRandom.Purpose.Step, _session.Position.Step).NextSeed();
        _generator.manual_seed(seed);
        if (_session.HasRandomLayers)
            manual_seed(seed);
        var (input, target) = _train.Take(order.narrow(0, first, count), _generator);
        var losses = _session.Step(input, target, beta, _generator);
        _sums.Add(_session.Position.Step + 1, count, losses);
        if (Recipe.Training.LineSeconds is { } seconds && _clock.Elapsed.TotalSeconds - _lastLine >= seconds)
            Say(losses, count);
    }

    // Whatever is minimised (another bound, a weighted KL, a penalty on the weights), the sum of the two terms stays comparable.
    private void Say(Losses losses, int rows)
    {
        _lastLine = _clock.Elapsed.TotalSeconds;
        var value = losses.Terms["reconstruction"].item<float>() + (losses.Terms.TryGetValue("kl", out var kl) ? kl.item<float>() : 0);
        var what = _session.Model.IsVariational ? "-ELBO" : "loss";
        _display.Say(FormattableString.Invariant(
            $"{Figures.Time(TimeSpan.FromSeconds(Seconds))}  step {_session.Position.Step + 1}  {what} of a random minibatch of {rows}: {Figures.Loss(value)}"));
    }

    private bool EndEpoch(double beta, CancellationToken stop)
    {
        Collect();
        var (position, seconds) = (_session.Position, _epochSeconds);
        IReadOnlyDictionary<string, double>? validation;
        double? testNll;
        try
        {
            validation = _validation is null ? null : Evaluation.Of(_session, _validation, stop);
            testNll = _curveRows is not null && _rates.EndsStage(position.Epoch) ? LikelihoodCurve.Nll(_session, _curveRows, stop) : null;
        }
        catch (OperationCanceledException)
        {
            Save();
            return false;
        }

        var record = new EpochRecord
        {
            Epoch = position.Epoch + 1,
            Step = position.Step,
            Seconds = Math.Round(Seconds, 3),
            SamplesPerS = Math.Round(_sums.Rows / Math.Max(seconds, 1e-9), 1),
            LearningRate = _rate,
            Beta = beta,
            Engine = Engine.Name,
            Train = _sums.Means,
            Validation = validation,
            TestNll = testNll,
        };
        _log.Add(record);
        _display.Epoch(record, _rates.Epochs);
        if (record.TestNll is { } nll)
            _display.Say(FormattableString.Invariant($"After pass {record.Epoch} the NLL of {_curveRows!.Count} test rows is {nll:0.00} nats ({LikelihoodCurve.Samples} importance samples each)."));
        position = position with { Epoch = record.Epoch, StepInEpoch = 0, EpochRows = 0, EpochSums = new Dictionary<string, double>(), LogBytes = _log.Bytes };
        if (validation is not null && !(validation["loss"] >= position.BestLoss))
        {
            position = position with { BestLoss = validation["loss"], BestEpoch = record.Epoch };
            if (Recipe.Training.KeepBest)
                _session.KeepAsBest();
        }

        var worn = Recipe.Training.Patience is { } patience && record.Epoch - position.BestEpoch >= patience;
        if (worn && record.Epoch < _rates.Epochs)
            _display.Say($"Stopping early: the validation loss has not improved for {Recipe.Training.Patience} epochs.");
        _session.Position = position with { Finished = worn || record.Epoch >= _rates.Epochs };
        _sums.Dispose();
        _sums = new LossSums();
        _epochSeconds = 0;
        if (_session.Position.Finished || seconds > ShortEpochSeconds || _clock.Elapsed.TotalSeconds - _lastCheckpoint >= Recipe.Training.CheckpointSeconds)
            Save();
        return true;
    }

    private void Show()
    {
        Collect();
        _lastFigures = _clock.Elapsed.TotalSeconds;
        var position = _session.Position;
        var total = (double)_rates.Epochs * StepsPerEpoch;
        var left = _lastFigures / (position.Step - _stepBefore) * (total - position.Step);
        _display.Step(new StepProgress(
            position.Epoch + 1,
            _rates.Epochs,
            position.Step / total,
            _sums.Means,
            _sums.Rows / Math.Max(_epochSeconds, 1e-9),
            _lastFigures < 1 ? null : TimeSpan.FromSeconds(left)));
    }

    private void Collect()
    {
        if (_sums.Collect() is { } step)
            throw Diverged($"The loss became NaN or infinite at step {step}");
    }

    private void Save()
    {
        Collect();
        if (!_session.IsFinite())
            throw Diverged($"A weight became NaN or infinite by step {_session.Position.Step}");
        _session.Position = _session.Position with { Seconds = Seconds, EpochSeconds = _epochSeconds, EpochRows = _sums.Rows, EpochSums = _sums.Sums.ToDictionary() };
        _log.Sync();
        var path = _folder.Checkpoints.Save(_session.ToTensors(), new CheckpointState
        {
            Tensors = "",
            Sha256 = "",
            Engine = Engine.Name,
            Threads = get_num_threads(),
            DataFingerprint = _fingerprint,
            StartedFrom = _session.StartedFrom,
            Optimizer = Recipe.Optimizer.Kind,
            LearningRate = _rate,
            Random = new RandomState(Recipe.Training.Seed, _session.Position.Step),
            Position = _session.Position,
        });
        _lastGood = FormattableString.Invariant($"{path} (step {_session.Position.Step})");
        _lastCheckpoint = _clock.Elapsed.TotalSeconds;
    }

    private LatentException Diverged(string what) => new(FormattableString.Invariant(
        $"{what} of epoch {_session.Position.Epoch + 1}, at learning rate {_rate}; the last good checkpoint is {_lastGood ?? "none"}. A smaller optimizer.learningRate or an optimizer.clipNorm may help."));
}

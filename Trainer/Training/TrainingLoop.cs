using System.Diagnostics;
using Latent.Contracts.Recipes;
using Latent.Contracts.Training;
using Latent.Models.Distributions;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Data;
using Latent.Trainer.Engines;
using static TorchSharp.torch;

namespace Latent.Trainer.Training;

/// <summary>Runs epochs and steps, from a position to the end; everything else is done by listeners.</summary>
internal sealed class TrainingLoop : IDisposable
{
    private const int StepsBetweenCollections = 64;
    private readonly IReadOnlyList<ITrainingListener> _listeners;
    private readonly LearningRateSchedule _schedule;
    private readonly Minibatches _rows;
    private readonly EpochSteps _steps;
    private readonly SliceGenerator _generator;
    private readonly Stopwatch _clock = new();
    private readonly double _secondsBefore;
    private RunningLosses _losses;
    private double _epochSeconds;

    /// <summary>Makes the training rows resident; nothing is trained yet.</summary>
    /// <param name="session">The session that is trained, which the caller disposes.</param>
    /// <param name="train">The training rows.</param>
    /// <param name="position">The position at which training starts.</param>
    /// <param name="listeners">The listeners, called in this order, which the caller disposes.</param>
    public TrainingLoop(
        TrainingSession session,
        DataSet train,
        TrainingPosition position,
        params IReadOnlyList<ITrainingListener> listeners
    )
    {
        Session = session;
        Position = position;
        _listeners = listeners;
        (_secondsBefore, _epochSeconds) = (position.Seconds, position.EpochSeconds);
        _schedule = new LearningRateSchedule(session.Recipe);
        _rows = new Minibatches(train, session.Model, session.Device, session.Recipe.Data.Mirror);
        _steps = new EpochSteps(session.Recipe.Training, _rows.Count);
        _generator = new SliceGenerator(session.Device);
        _losses = new RunningLosses(position.EpochSums, position.EpochRows);
    }

    /// <summary>Gets the session that is trained.</summary>
    public TrainingSession Session { get; }

    /// <summary>Gets the steps and epochs made; <see cref="Snapshot"/> has the times and losses too.</summary>
    public TrainingPosition Position { get; private set; }

    /// <summary>Gets the number of epochs of the whole run.</summary>
    public int Epochs => _schedule.Epochs;

    /// <summary>Gets the number of steps of an epoch.</summary>
    public int StepsPerEpoch => _steps.Count;

    /// <summary>Gets the learning rate of the current epoch.</summary>
    public double LearningRate { get; private set; }

    /// <summary>Gets the seconds of training, all sessions together.</summary>
    public double Seconds => _secondsBefore + _clock.Elapsed.TotalSeconds;

    /// <summary>Gets the rows per second of the current epoch, of the rows whose losses have been collected.</summary>
    public double SamplesPerSecond => _losses.Rows / Math.Max(_epochSeconds, 1e-9);

    private Recipe Recipe => Session.Recipe;

    /// <summary>Trains.</summary>
    /// <returns>False if it was stopped before the end.</returns>
    /// <exception cref="DivergenceException">The loss became NaN or infinite.</exception>
    public bool Run(CancellationToken stop)
    {
        _clock.Start();
        Session.Model.train();
        while (!Position.Finished)
        {
            LearningRate = _schedule.At(Position.Epoch);
            Session.SetLearningRate(LearningRate);
            if (RunEpoch(stop))
                continue;
            Tell(listener => listener.Stopped(this));
            return false;
        }

        return true;
    }

    /// <summary>Ends training with the epoch that is ending.</summary>
    public void FinishEarly() => Position = Position with { Finished = true };

    /// <summary>Copies the losses from the device.</summary>
    /// <returns>The means over the epoch's rows so far, "loss" first.</returns>
    /// <exception cref="DivergenceException">A loss is NaN or infinite.</exception>
    public IReadOnlyDictionary<string, double> CollectLosses() =>
        _losses.Collect() is { } step ? throw Diverged($"The loss became NaN or infinite at step {step}") : _losses.Means;

    /// <summary>Gets the position with times and losses, from which training can be resumed.</summary>
    /// <exception cref="DivergenceException">A loss or a weight is NaN or infinite.</exception>
    public TrainingPosition Snapshot()
    {
        CollectLosses();
        if (!Session.IsFinite())
            throw Diverged($"A weight became NaN or infinite by step {Position.Step}");
        return Position with
        {
            Seconds = Seconds,
            EpochSeconds = _epochSeconds,
            EpochRows = _losses.Rows,
            EpochSums = _losses.Sums.ToDictionary(),
        };
    }

    /// <summary>Frees the training rows.</summary>
    public void Dispose()
    {
        _losses.Dispose();
        _generator.Dispose();
        _rows.Dispose();
    }

    private bool RunEpoch(CancellationToken stop)
    {
        var epoch = Position.Epoch;
        var started = _clock.Elapsed.TotalSeconds - _epochSeconds;
        using var order = tensor(_steps.Order(epoch), device: Session.Device);
        for (var step = Position.StepInEpoch; step < StepsPerEpoch; step++)
        {
            if (Session.Exchange?.Stop ?? stop.IsCancellationRequested)
                return false;
            // The youngest generation may grow as large as the last-level cache before it is collected by itself; kept small, it stays
            // in the first caches, beside the weights, and the process doesn't grow. What survived the last time is dead by now, but would
            // wait in the next generation.
            if (step % StepsBetweenCollections == 0)
                GC.Collect(1);
            using var scope = NewDisposeScope();
            var (first, count) = _steps.Rows(step);
            var losses = Step(order.narrow(0, first, count), count, Beta(epoch, step), stop);
            _losses.Add(Position.Step + 1, count, losses);
            _epochSeconds = _clock.Elapsed.TotalSeconds - started;
            Position = Position with { Step = Position.Step + 1, StepInEpoch = step + 1 };
            Tell(listener => listener.StepEnded(this, losses, count));
        }

        return Session.Exchange is not { Stop: true } && EndEpoch(stop);
    }

    private Models.Objectives.Losses Step(Tensor indices, int rows, double beta, CancellationToken stop)
    {
        var (first, count, share) = Session.Ranks.Slice(rows);
        var seed = new SeededRandom(Recipe.Training.Seed, SeededRandom.Purpose.Step, Position.Step).NextSeed();
        _generator.manual_seed(seed);
        _generator.Place = (first, rows);
        if (Session.HasRandomLayers)
            manual_seed(seed ^ Session.Ranks.Rank);
        if (Session.Exchange is { } exchange)
            exchange.Stop = stop.IsCancellationRequested;
        var (input, target) = _rows.Take(indices, count, _generator);
        return Session.Step(input, target, beta, _generator, share);
    }

    private bool EndEpoch(CancellationToken stop)
    {
        var losses = CollectLosses();
        var end = new EpochEnd
        {
            Seconds = _epochSeconds,
            Stop = stop,
            Record = new EpochRecord
            {
                Epoch = Position.Epoch + 1,
                Step = Position.Step,
                Seconds = 0,
                SamplesPerS = Math.Round(SamplesPerSecond, 1),
                LearningRate = LearningRate,
                Beta = Beta(Position.Epoch, StepsPerEpoch - 1),
                Engine = Engine.Name,
                Train = losses,
                Validation = null,
            },
        };
        try
        {
            Tell(listener => listener.EpochEnding(this, end));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return Session.Ranks.Decide(false);
        }

        end.Record = end.Record with { Seconds = Math.Round(Seconds, 3) };
        Position = Position with
        {
            Epoch = end.Record.Epoch,
            StepInEpoch = 0,
            Finished = end.Record.Epoch >= Epochs || Position.Step >= Recipe.Training.MaxSteps,
        };
        _losses.Dispose();
        _losses = new RunningLosses();
        _epochSeconds = 0;
        Tell(listener => listener.EpochEnded(this, end));
        if (!Session.Ranks.Decide(true))
            return false;
        // The first process has the listeners that may end training.
        Position = Position with
        {
            Finished = Session.Ranks.Decide(Position.Finished),
        };
        return true;
    }

    private double Beta(int epoch, int step) => Session.Objective.Beta(epoch + (step / (double)StepsPerEpoch));

    private void Tell(Action<ITrainingListener> what)
    {
        foreach (var listener in _listeners)
            what(listener);
    }

    private DivergenceException Diverged(string what) =>
        new(FormattableString.Invariant($"{what} of epoch {Position.Epoch + 1}, at learning rate {LearningRate}"));
}

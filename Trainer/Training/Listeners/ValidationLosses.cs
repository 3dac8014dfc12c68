using Latent.Trainer.Data;

namespace Latent.Trainer.Training.Listeners;

/// <summary>Adds the losses of the validation rows to each epoch's record; several processes divide them.</summary>
internal sealed class ValidationLosses(TrainingSession session, DataSet validation) : ITrainingListener, IDisposable
{
    private readonly Minibatches _rows = new(validation, session.Model, session.Device);

    public void EpochEnding(TrainingLoop loop, EpochEnd epoch) =>
        epoch.Record = epoch.Record with { Validation = Evaluator.Evaluate(session, _rows, epoch.Stop, session.Ranks) };

    public void Dispose() => _rows.Dispose();
}

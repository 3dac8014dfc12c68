using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Contracts.Training;
using Latent.Trainer.Data;
using Latent.Trainer.Training;
using Latent.Trainer.Training.Listeners;

namespace Latent.Trainer.Evaluation;

/// <summary>
/// Computes the test NLL over epochs: one point at the end of each of Burda's stages, or after as many epochs of another schedule. It is
/// estimated from few rows and samples, so that it costs seconds: it shows how training goes, and lies above what evaluate gives in the
/// end.
/// </summary>
/// <param name="rows">The rows that are scored; see <see cref="Rows"/>.</param>
/// <param name="display">Shows each point.</param>
internal sealed class LikelihoodCurve(DataSet rows, ITrainingDisplay display) : ITrainingListener
{
    /// <summary>The number of importance samples per row.</summary>
    public const int Samples = 100;

    private const int MaxRows = 1000;

    /// <summary>
    /// Tells whether training by a recipe has a curve: if it follows Burda's stages, or is compared with figures of others.
    /// </summary>
    public static bool IsOf(Recipe recipe) =>
        recipe.Kind == ModelKind.Variational
        && (recipe.Schedule.Kind == ScheduleKind.BurdaStages || recipe.About is { Published: not null } or { Others: not null });

    /// <summary>Gets up to 1,000 test rows, evenly spread.</summary>
    public static DataSet Rows(DataSet test) => test.EvenlySpread(MaxRows);

    /// <inheritdoc/>
    public void EpochEnding(TrainingLoop loop, EpochEnd epoch)
    {
        if (!new LearningRateSchedule(loop.Session.Recipe).EndsStage(loop.Position.Epoch))
            return;
        epoch.Record = epoch.Record with { TestNll = Nll(loop.Session, rows, epoch.Stop) };
    }

    /// <inheritdoc/>
    public void EpochEnded(TrainingLoop loop, EpochEnd epoch)
    {
        if (epoch.Record.TestNll is not { } nll)
            return;
        display.Say(
            FormattableString.Invariant(
                $"After epoch {epoch.Record.Epoch} the NLL of {rows.Count} test rows is {nll:0.00} nats ({Samples} importance samples per row)."
            )
        );
    }

    /// <summary>Computes a point of the curve. The draws are the same every time and don't affect others.</summary>
    /// <exception cref="OperationCanceledException">The computation was cancelled.</exception>
    public static double Nll(TrainingSession session, DataSet rows, CancellationToken stop = default)
    {
        var training = session.Model.training;
        session.Model.eval();
        try
        {
            return TestLikelihood.Of(session, rows, Samples, null, (_, _) => stop.ThrowIfCancellationRequested()).Nll;
        }
        finally
        {
            session.Model.train(training);
        }
    }

    /// <summary>Gets the curve that a folder's training.jsonl holds; empty where it has none.</summary>
    /// <exception cref="LatentException">A line is not an epoch's record.</exception>
    public static IReadOnlyList<(double Epochs, double Nll)> Read(string folder) => Points(TrainingLog.Read(folder));

    /// <summary>Gets the curve of some epochs; empty where it has no points.</summary>
    public static IReadOnlyList<(double Epochs, double Nll)> Points(IReadOnlyList<EpochRecord> epochs) =>
        [.. epochs.Where(epoch => epoch.TestNll is not null).Select(epoch => ((double)epoch.Epoch, epoch.TestNll!.Value))];
}

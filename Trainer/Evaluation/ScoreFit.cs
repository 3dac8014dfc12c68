using Latent.Models;
using Latent.Models.Tables;
using Latent.Trainer.Data;
using Latent.Trainer.Training;
using static TorchSharp.torch;

namespace Latent.Trainer.Evaluation;

/// <summary>Fits the anomaly score of a table to rows that the weights were not fitted to.</summary>
internal static class ScoreFit
{
    private const int RowsAtOnce = 1024;

    /// <summary>Fits the score.</summary>
    /// <param name="model">The trained model, in eval mode.</param>
    /// <param name="data">The rows; of the validation rows, or the training rows where there are none, errors are what is usual.</param>
    /// <param name="stop">Cancels it.</param>
    public static AnomalyScore Of(Autoencoder model, DataSplits data, CancellationToken stop)
    {
        var columns = model.Table!.Columns;
        var (sums, counts) = (new double[columns], new double[columns]);
        foreach (var (errors, present) in Errors(model, data.Validation ?? data.Train, stop))
        {
            for (var i = 0; i < errors.Length; i++)
            {
                sums[i % columns] += errors[i];
                counts[i % columns] += present[i];
            }
        }

        return new AnomalyScore([
            .. sums.Zip(counts, (sum, count) => count == 0 ? 1 : Math.Max(AnomalyScore.MinTypicalError, (float)(sum / count))),
        ]);
    }

    private static IEnumerable<(float[] Errors, float[] Present)> Errors(Autoencoder model, DataSet rows, CancellationToken stop)
    {
        using var _ = no_grad();
        for (var first = 0; first < rows.Count; first += RowsAtOnce)
        {
            stop.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var count = Math.Min(RowsAtOnce, rows.Count - first);
            var cells = rows.Values[(first * rows.Features)..((first + count) * rows.Features)];
            var x = model.ToModelUnits(tensor(cells, [count, rows.Features]));
            var errors = model.ColumnErrorsOf(model.Decode(model.Encode(x).Mean), x, withEntropy: false);
            var present = x.narrow(1, model.Table!.Width, model.Table.Columns);
            yield return (errors.contiguous().data<float>().ToArray(), present.contiguous().data<float>().ToArray());
        }
    }
}

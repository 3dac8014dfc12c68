using System.Runtime.InteropServices;
using Latent.Models;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Data;
using Latent.Trainer.Evaluation;

namespace Latent.Trainer.Report;

/// <summary>Chooses the rows that a report is drawn from.</summary>
internal static class ReportRows
{
    // Tables are scored row by row, and of rare labels there must be some.
    private const int MaxTableRows = 20_000;
    private const int MaxTableValues = 4_000_000;

    /// <summary>
    /// Rows that the weights were not fitted to, where there are any, with the recipe's noise if it has some: up to 500 images, or 20,000
    /// rows of a table.
    /// </summary>
    public static ReportData Of(Autoencoder model, DataSplits data, IReadOnlyDictionary<string, SafeTensor> weights)
    {
        var heldOut = data.HeldOut;
        var most = heldOut.Input.Image is null
            ? Math.Clamp(MaxTableValues / heldOut.Features, ReportContext.MaxRows, MaxTableRows)
            : ReportContext.MaxRows;
        var rows = heldOut.EvenlySpread(most);
        return new ReportData
        {
            Rows = rows.Values,
            HeldOut = data.HasHeldOut,
            // A table's noise is in model units, which have no cells of their own.
            Noisy =
                model.Recipe.Noise.Kind == Contracts.Recipes.NoiseKind.None || rows.Input.Table is not null
                    ? null
                    : NoisyRows.Of(model, rows),
            Labels = rows.Labels,
            Places = rows.Places,
            Weights = weights
                .Where(w => w.Value.Type == "F32")
                .ToDictionary(w => w.Key, w => (w.Value.Shape, MemoryMarshal.Cast<byte, float>(w.Value.Bytes).ToArray())),
        };
    }
}

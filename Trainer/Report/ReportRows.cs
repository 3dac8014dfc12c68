using System.Runtime.InteropServices;
using Latent.Models;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Data;
using Latent.Trainer.Evaluation;

namespace Latent.Trainer.Report;

/// <summary>Chooses the rows that a report is drawn from.</summary>
internal static class ReportRows
{
    /// <summary>Up to 500 rows that the weights were not fitted to, where there are any, with the recipe's noise if it has some.</summary>
    public static ReportData Of(Autoencoder model, DataSplits data, IReadOnlyDictionary<string, SafeTensor> weights)
    {
        var heldOut = data.HeldOut;
        var rows = heldOut.Count <= ReportContext.MostRows
            ? heldOut
            : heldOut.Select([.. Enumerable.Range(0, ReportContext.MostRows).Select(i => (int)((long)i * heldOut.Count / ReportContext.MostRows))]);
        return new ReportData
        {
            Rows = rows.Values,
            HeldOut = data.HasHeldOut,
            Noisy = model.Recipe.Noise.Kind == Contracts.Recipes.NoiseKind.None ? null : NoisyRows.Of(model, rows),
            Labels = rows.Labels,
            Weights = weights.Where(w => w.Value.Type == "F32").ToDictionary(w => w.Key, w => (w.Value.Shape, MemoryMarshal.Cast<byte, float>(w.Value.Bytes).ToArray())),
        };
    }
}

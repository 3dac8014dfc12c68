using System.Runtime.InteropServices;
using Latent.Models;
using Latent.Trainer.Checkpoints;
using Latent.Trainer.Data;
using Latent.Trainer.Training;
using static TorchSharp.torch;

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
            Noisy = model.Recipe.Noise.Kind == Contracts.Recipes.NoiseKind.None ? null : Noisy(model, rows),
            Labels = rows.Labels,
            Weights = weights.Where(w => w.Value.Type == "F32").ToDictionary(w => w.Key, w => (w.Value.Shape, MemoryMarshal.Cast<byte, float>(w.Value.Bytes).ToArray())),
        };
    }

    /// <summary>Rows with the recipe's noise, in the data's units; the same draws every time.</summary>
    public static float[] Noisy(Autoencoder model, DataSet rows)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var batches = new Minibatches(rows, model, CPU);
        using var generator = new Generator((ulong)model.Recipe.Training.Seed, CPU);
        return model.ToDataUnits(batches.Take(0, rows.Count, generator).Input).contiguous().data<float>().ToArray();
    }
}

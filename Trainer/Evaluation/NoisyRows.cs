using Latent.Models;
using Latent.Trainer.Data;
using Latent.Trainer.Training;
using static TorchSharp.torch;

namespace Latent.Trainer.Evaluation;

/// <summary>Makes rows with the recipe's noise.</summary>
internal static class NoisyRows
{
    /// <summary>Adds the noise.</summary>
    /// <param name="model">The model whose recipe states the noise.</param>
    /// <param name="rows">The rows, in the data's units.</param>
    /// <returns>Noisy values in the data's units, [rows, features]; the same draws every time.</returns>
    public static float[] Of(Autoencoder model, DataSet rows)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        using var batches = new Minibatches(rows, model, CPU);
        using var generator = new Generator((ulong)model.Recipe.Training.Seed, CPU);
        return model.ToDataUnits(batches.Take(0, rows.Count, generator).Input).contiguous().data<float>().ToArray();
    }
}

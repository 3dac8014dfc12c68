using Latent.Contracts.Recipes;
using Latent.Trainer.Data;

namespace Latent.Trainer.Training;

/// <summary>Divides the training rows into the steps of an epoch.</summary>
/// <param name="training">The recipe's batch size, seed and steps of an epoch at least.</param>
/// <param name="rows">Number of training rows.</param>
internal sealed class EpochSteps(TrainingRecipe training, int rows)
{
    private readonly int _ofPass = (rows + training.BatchSize - 1) / training.BatchSize;

    /// <summary>Gets the number of times that an epoch passes over the rows.</summary>
    public int Passes => (training.MinStepsPerEpoch + _ofPass - 1) / _ofPass;

    /// <summary>Gets the number of steps of an epoch.</summary>
    public int Count => checked(Passes * _ofPass);

    /// <summary>Gets the number of rows of an epoch, each counted in every pass.</summary>
    public long RowsOfEpoch => (long)Passes * rows;

    /// <summary>Gets the order in which an epoch takes the rows: one permutation after the other.</summary>
    public long[] Order(int epoch) =>
        [
            .. Enumerable
                .Range(0, Passes)
                .SelectMany(pass =>
                    new SeededRandom(training.Seed, SeededRandom.Purpose.Order, ((long)epoch * Passes) + pass).Permutation(rows)
                ),
        ];

    /// <summary>Gets the place in <see cref="Order"/> of a step's first row, and how many the step takes.</summary>
    public (int First, int Count) Rows(int step)
    {
        var (pass, inPass) = (step / _ofPass, step % _ofPass * training.BatchSize);
        return ((pass * rows) + inPass, Math.Min(training.BatchSize, rows - inPass));
    }
}

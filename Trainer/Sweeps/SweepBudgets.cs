namespace Latent.Trainer.Sweeps;

/// <summary>
/// Computes the budgets of successive halving (Jamieson and Talwalkar 2016): all runs are trained for a few epochs, the better of them, one
/// of eta, for eta times as many, and so on up to the recipe's epochs.
/// </summary>
internal static class SweepBudgets
{
    /// <summary>Computes the budgets.</summary>
    /// <param name="runs">Number of runs.</param>
    /// <param name="epochs">The recipe's epochs.</param>
    /// <param name="eta">The factor, at least 2.</param>
    /// <returns>For each round the epochs up to which its runs are trained, and their number; the last round trains to the end.</returns>
    public static List<(int Epochs, int Runs)> Of(int runs, int epochs, int eta)
    {
        var rounds = 0;
        for (var left = runs; left >= eta; left /= eta)
            rounds++;
        var (budgets, kept) = (new List<(int, int)>(), runs);
        for (var round = 0; round < rounds; round++)
        {
            var budget = (int)Math.Ceiling(epochs / Math.Pow(eta, rounds - round));
            if (budget < epochs && (budgets.Count == 0 || budget > budgets[^1].Item1))
            {
                budgets.Add((budget, kept));
                kept = (kept + eta - 1) / eta;
            }
        }

        budgets.Add((epochs, kept));
        return budgets;
    }
}

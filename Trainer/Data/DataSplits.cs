using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Data.Tables;

namespace Latent.Trainer.Data;

/// <summary>Rows divided into training, validation and test.</summary>
/// <param name="Train">Rows to learn from.</param>
/// <param name="Validation">Rows that decide when to stop and which weights to keep, or null.</param>
/// <param name="Test">Rows that nothing is decided by: the final figures and the curve of NLL are theirs, or null.</param>
/// <param name="Fingerprint">SHA-256 of all rows as they were read.</param>
public sealed record DataSplits(DataSet Train, DataSet? Validation, DataSet? Test, string Fingerprint)
{
    /// <summary>Rows that weights are not fitted to, where there are any: test rows, else validation rows, else training rows.</summary>
    public DataSet HeldOut => Test ?? Validation ?? Train;

    /// <summary>Whether there are rows that weights are not fitted to.</summary>
    public bool HasHeldOut => (Test ?? Validation) is not null;

    /// <summary>Gets the same rows described otherwise.</summary>
    /// <param name="input">What a row is.</param>
    internal DataSplits With(InputDescription input) =>
        this with
        {
            Train = Train.As(input),
            Validation = Validation?.As(input),
            Test = Test?.As(input),
        };

    /// <summary>Divides rows at random, in whole groups of consecutive rows, by the recipe's fractions and seed.</summary>
    /// <param name="all">Rows to divide.</param>
    /// <param name="ownTest">The source's own test rows; null takes the test fraction from <paramref name="all"/>.</param>
    /// <param name="recipe">The recipe.</param>
    /// <exception cref="LatentException">A part that is asked for would be empty.</exception>
    public static DataSplits Divide(DataSet all, DataSet? ownTest, Recipe recipe)
    {
        var data = recipe.Data;
        var groups = Groups(all.Count, data.GroupSize, recipe.Training.Seed);
        var testGroups = ownTest is null ? Part(groups.Count, data.Test) : 0;
        var validationGroups = Part(groups.Count - testGroups, data.Validation);
        if (groups.Count - testGroups - validationGroups < 1)
        {
            throw new LatentException(
                $"No rows are left to train on: {all.Count} rows in {groups.Count} groups, of which data.test and data.validation take all."
            );
        }

        var test = ownTest ?? Take(all, groups, 0, testGroups);
        var validation = Take(all, groups, testGroups, validationGroups);
        var train = Take(all, groups, testGroups + validationGroups, groups.Count - testGroups - validationGroups)!;
        if ((data.TrainOnLabel ?? NormalLabel(all, data)) is { } label)
        {
            train =
                WithLabel(train, label)
                ?? throw new LatentException($"No training row has the label '{label}' that data.trainOnLabel asks for.");
            validation = validation is null ? null : WithLabel(validation, label);
        }

        return new DataSplits(train, validation, test, DataSet.Fingerprint(ownTest is null ? [all] : [all, ownTest]));
    }

    // A table's labels that say yes and no tell which rows are anomalies.
    private static string? NormalLabel(DataSet all, DataRecipe data) =>
        data.Table is not null && all.Labels is { } labels && Array.TrueForAll(labels, label => Truth.Of(label) is not null)
            ? labels.FirstOrDefault(label => Truth.Of(label) == false)
            : null;

    private static List<int[]> Groups(int count, int groupSize, long seed)
    {
        var groups = Enumerable.Range(0, count).Chunk(groupSize).ToList();
        var order = new SeededRandom(seed, SeededRandom.Purpose.Split).Permutation(groups.Count);
        return [.. order.Select(i => groups[(int)i])];
    }

    private static int Part(int groups, double fraction) =>
        fraction <= 0 ? 0 : Math.Max(1, (int)Math.Round(groups * fraction, MidpointRounding.AwayFromZero));

    // In the source's order: a split of groups then still shows the images of a person side by side.
    private static DataSet? Take(DataSet all, List<int[]> groups, int first, int count) =>
        count == 0 ? null : all.Select([.. groups.GetRange(first, count).SelectMany(group => group).Order()]);

    private static DataSet? WithLabel(DataSet set, string label)
    {
        var labels = set.Labels ?? throw new LatentException("data.trainOnLabel needs labels; name their column or file in data.label.");
        var rows = Enumerable.Range(0, set.Count).Where(i => labels[i] == label).ToArray();
        return rows.Length == 0 ? null : set.Select(rows);
    }
}

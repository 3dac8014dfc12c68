using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Trainer.Data;
using Latent.Trainer.Tests.Helpers;

namespace Latent.Trainer.Tests.Data;

public sealed class DataSplitsTests
{
    [Fact]
    public void Every_row_goes_into_exactly_one_part_and_the_seed_decides()
    {
        var data = Divide(
            Recipes.Table(100),
            new DataRecipe
            {
                Source = DataSourceKind.Csv,
                Test = 0.2,
                Validation = 0.25,
            }
        );
        Assert.Equal((60, 20, 20), (data.Train.Count, data.Validation!.Count, data.Test!.Count));
        var labels = data.Train.Labels!.Concat(data.Validation.Labels!).Concat(data.Test.Labels!);
        Assert.Equal(100, labels.Distinct().Count());
        Assert.Equal(
            data.Test.Labels,
            Divide(
                Recipes.Table(100),
                new DataRecipe
                {
                    Source = DataSourceKind.Csv,
                    Test = 0.2,
                    Validation = 0.25,
                }
            ).Test!.Labels
        );
        Assert.NotEqual(
            data.Test.Labels,
            Divide(
                Recipes.Table(100),
                new DataRecipe
                {
                    Source = DataSourceKind.Csv,
                    Test = 0.2,
                    Validation = 0.25,
                },
                seed: 2
            ).Test!.Labels
        );
    }

    [Fact]
    public void Groups_stay_together()
    {
        var data = Divide(
            Recipes.Table(40),
            new DataRecipe
            {
                Source = DataSourceKind.Csv,
                GroupSize = 10,
                Test = 0.25,
                Validation = 0.34,
            }
        );
        foreach (var part in new[] { data.Train, data.Validation!, data.Test! })
        {
            var groups = part.Labels!.Select(label => int.Parse(label, System.Globalization.CultureInfo.InvariantCulture) / 10)
                .GroupBy(g => g);
            Assert.All(groups, group => Assert.Equal(10, group.Count()));
        }
    }

    [Fact]
    public void Training_can_be_on_one_label_alone_while_the_test_rows_have_all()
    {
        var table = Recipes.Table(100);
        var labelled = new DataSet(table.Input, table.Values, [.. Enumerable.Range(0, 100).Select(i => i % 4 == 0 ? "odd" : "normal")]);
        var data = Divide(
            labelled,
            new DataRecipe
            {
                Source = DataSourceKind.Csv,
                Test = 0.5,
                TrainOnLabel = "normal",
            }
        );
        Assert.All(data.Train.Labels!, label => Assert.Equal("normal", label));
        Assert.All(data.Validation!.Labels!, label => Assert.Equal("normal", label));
        Assert.Contains("odd", data.Test!.Labels!);
        var error = Assert.Throws<LatentException>(() =>
            Divide(labelled, new DataRecipe { Source = DataSourceKind.Csv, TrainOnLabel = "nromal" })
        );
        Assert.Contains("'nromal'", error.Message);
    }

    [Fact]
    public void Nothing_left_to_train_on_is_refused()
    {
        var error = Assert.Throws<LatentException>(() => Divide(Recipes.Table(2), new DataRecipe { Source = DataSourceKind.Csv }));
        Assert.Contains("No rows are left to train on", error.Message);
    }

    [Fact]
    public void The_fingerprint_changes_with_any_value()
    {
        var (a, b) = (Recipes.Table(), Recipes.Table());
        Assert.Equal(DataSet.Fingerprint(a), DataSet.Fingerprint(b));
        b.Values[7] = MathF.BitIncrement(b.Values[7]);
        Assert.NotEqual(DataSet.Fingerprint(a), DataSet.Fingerprint(b));
        Assert.Matches("^[0-9a-f]{64}$", DataSet.Fingerprint(a));
    }

    private static DataSplits Divide(DataSet all, DataRecipe data, long seed = 1)
    {
        var recipe = Recipes.Reading(data);
        return DataSplits.Divide(all, null, recipe with { Training = recipe.Training with { Seed = seed } });
    }
}

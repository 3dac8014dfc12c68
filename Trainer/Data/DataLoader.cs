using System.Globalization;
using Latent.Contracts;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;
using Latent.Data.Rows;

namespace Latent.Trainer.Data;

/// <summary>Reads a recipe's data and divides it.</summary>
public static class DataLoader
{
    /// <summary>Rows of drawn digits where the recipe doesn't say.</summary>
    public const int DefaultDigits = 6000;

    /// <summary>Reads, describes and divides the data of a recipe.</summary>
    /// <param name="recipe">The recipe; its data.path says where, except for drawn digits.</param>
    /// <exception cref="LatentException">The data isn't there or isn't what the recipe says; the message names the file and the place in
    /// it.</exception>
    public static DataSplits Load(Recipe recipe) => Load(recipe, null, [], default);

    /// <summary>Reads, describes and divides the data of a recipe.</summary>
    /// <param name="recipe">The recipe; its data.path says where, except for drawn digits.</param>
    /// <param name="table">The description of the columns of a table whose model is trained; null to find it out.</param>
    /// <param name="skipped">Is told what was left out.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="LatentException">The data isn't there or isn't what the recipe says; the message names the file and the place in
    /// it.</exception>
    internal static DataSplits Load(Recipe recipe, TableDescription? table, List<SkippedInput> skipped, CancellationToken cancellation)
    {
        var (all, test) =
            recipe.Data.Source == DataSourceKind.Digits
                ? (DrawnDigits.Draw(recipe.Data.Count ?? DefaultDigits, recipe.Training.Seed), null)
                : new DataReader(recipe.Data, PathOf(recipe), table, skipped, cancellation).Read();
        if (test is not null && !test.Input.Shape.SequenceEqual(all.Input.Shape))
        {
            throw new LatentException(
                $"The test images are {string.Join(" x ", test.Input.Shape)} and the training images {string.Join(" x ", all.Input.Shape)}; both must have one size."
            );
        }

        var input = all.Input.Image is { } image ? all.Input with { Shape = LayerShapes.RowShape(recipe, image) } : all.Input;
        var splits = DataSplits.Divide(all.As(input), test?.As(input), recipe);
        if (recipe.Condition is { } condition)
            return splits.With(input with { Classes = Classes(splits.Train, condition.Classes) });
        return recipe.Data.Table is { } kinds && table is null ? TableFit.Apply(splits, all, kinds) : splits;
    }

    private static string[] Classes(DataSet train, int count)
    {
        var labels = train.Labels ?? throw new LatentException("condition needs labels; name their column or file in data.label.");
        string[] classes =
        [
            .. labels
                .Distinct(StringComparer.Ordinal)
                .OrderBy(label =>
                    double.TryParse(label, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN
                )
                .ThenBy(label => label, StringComparer.Ordinal),
        ];
        return classes.Length == count
            ? classes
            : throw new LatentException(
                $"The training rows have {classes.Length} labels; condition.classes, which is {count}, must be as many."
            );
    }

    private static string PathOf(Recipe recipe) =>
        recipe.Data.Path ?? throw new LatentException($"The recipe {recipe.Name} needs data; say where it is with --data PATH.");
}

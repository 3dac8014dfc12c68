using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;

namespace Latent.Trainer.Data;

/// <summary>Rows of a comma-separated file with a header: a table, or flat pictures where the recipe says their size.</summary>
internal static class CsvSource
{
    public static DataSet Read(DataRecipe recipe, string path)
    {
        using var file = InputFile.Open(path);
        using var text = new StreamReader(file);
        using var csv = new CsvParser(text, new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            MaxFieldSize = 1 << 20,
            BadDataFound = bad => throw new LatentException(
                $"{path}, line {bad.Context.Parser!.RawRow}: a quote is in the wrong place; a field with quotes must be quoted whole and its quotes doubled."),
        });
        try
        {
            return Read(csv, recipe, path);
        }
        catch (MaxFieldSizeException e)
        {
            throw new LatentException($"{path}, line {csv.RawRow}: a field is longer than a number or a name can be; a closing quote may be missing.", e);
        }
    }

    private static DataSet Read(CsvParser csv, DataRecipe recipe, string path)
    {
        var header = csv.Read() ? csv.Record!.Select(name => name.Trim()).ToArray() : throw new LatentException($"{path} is empty; its first line must name the columns.");
        if (header.All(name => double.TryParse(name, CultureInfo.InvariantCulture, out _)))
        {
            throw new LatentException($"{path}, line 1: every field is a number; the first line must name the columns.");
        }

        var label = recipe.Label is null ? -1 : Column(header, recipe.Label, path);
        var columns = recipe.Columns is null
            ? [.. Enumerable.Range(0, header.Length).Where(i => i != label)]
            : recipe.Columns.Select(name => Column(header, name, path)).ToArray();
        if (columns.Length == 0)
        {
            throw new LatentException($"{path} has no column besides the label '{recipe.Label}'.");
        }

        var ambiguous = header.CountBy(name => name).Where(name => name.Value > 1).Select(name => name.Key).ToHashSet();
        foreach (var column in label < 0 ? columns : [.. columns, label])
        {
            if (ambiguous.Contains(header[column]))
            {
                throw new LatentException(
                    $"{path}, line {csv.RawRow}, names more than one column '{Shown(header[column])}'; each column that is read needs a name of its own.");
            }
        }

        var values = new List<float>();
        var labels = label < 0 ? null : new List<string>();
        var most = recipe.Count ?? int.MaxValue;
        for (var row = 0; row < most && csv.Read(); row++)
        {
            var fields = csv.Record!;
            if (fields.Length != header.Length)
            {
                throw new LatentException($"{path}, line {csv.RawRow}: {fields.Length} fields, where the header names {header.Length}.");
            }

            foreach (var column in columns)
            {
                values.Add(Number(fields[column], header[column], csv.RawRow, path));
            }

            labels?.Add(fields[label].Trim());
        }

        return values.Count == 0
            ? throw new LatentException($"{path} has a header and no rows.")
            : new DataSet(Describe(recipe, path, [.. columns.Select(i => header[i])]), PictureRows.ToPixels([.. values], recipe.Image is null ? 1 : recipe.PixelScale), labels?.ToArray());
    }

    private static InputDescription Describe(DataRecipe recipe, string path, string[] names)
    {
        if (recipe.Image is not { } image)
        {
            return new InputDescription { Shape = [names.Length], Unit = "table", Columns = names };
        }

        return image.Channels * image.Height * image.Width == names.Length
            ? PictureRows.Describe(image, recipe, path)
            : throw new LatentException(
                $"{path} has rows of {names.Length} values, but the recipe's data.image asks for {image.Channels} x {image.Height} x {image.Width}.");
    }

    private static float Number(string field, string column, int line, string path)
    {
        if (!float.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
        {
            var what = string.IsNullOrWhiteSpace(field) ? "empty" : $"'{Shown(field)}'";
            throw new LatentException($"{path}, line {line}, column '{Shown(column)}' is {what}; a number is needed.");
        }

        return float.IsFinite(value)
            ? value
            : throw new LatentException($"{path}, line {line}, column '{Shown(column)}' is '{field.Trim()}'; every value must be finite.");
    }

    private static string Shown(string text) =>
        string.Concat((text.Length <= 40 ? text : text[..40] + "...").Select(c => char.IsControl(c) ? ' ' : c));

    private static int Column(string[] header, string name, string path)
    {
        name = name.Trim();
        var index = Array.IndexOf(header, name);
        if (index < 0 && int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var position) && position < header.Length)
        {
            return position;
        }

        return index >= 0 ? index : throw new LatentException($"{path} has no column '{name}'{NearestName.Hint(name, header)}");
    }
}

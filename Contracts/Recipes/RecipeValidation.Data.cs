namespace Latent.Contracts.Recipes;

// Rules of data and noise.
public static partial class RecipeValidation
{
    private static void CheckData(DataRecipe data, string source)
    {
        var image = Image(data);
        Require(
            data.Validation + data.Test < 1,
            "data.validation + data.test",
            data.Validation + data.Test,
            "below 1, so that rows are left to train on",
            source
        );
        if (data.Image is { } size)
        {
            Require(size.Channels is 1 or 3, "data.image.channels", size.Channels, "1 (grey) or 3 (red, green, blue)", source);
            Require(size.Height is >= 1 and <= 8192, "data.image.height", size.Height, "from 1 to 8192 pixels", source);
            Require(size.Width is >= 1 and <= 8192, "data.image.width", size.Width, "from 1 to 8192 pixels", source);
        }

        if (data.Source == DataSourceKind.Digits)
        {
            Require(
                data.Image is null or { Channels: 1, Height: 28, Width: 28 },
                "data.image",
                "another size",
                "28 by 28 in grey, as digits are drawn",
                source
            );
        }

        if (data.Source == DataSourceKind.Images && data.Image is null)
            throw new LatentException($"data.image is missing; a folder of images needs the size that they are brought to ({source}).");
        if (data.Source == DataSourceKind.Images && data.Label is { } label)
            Require(label == "folder", "data.label", $"\"{label}\"", "\"folder\", the folder that an image lies in", source);
        if (data.Mirror && image is null && data.Source != DataSourceKind.Idx)
            throw new LatentException($"data.mirror is true, but the rows are no images; give data.image ({source}).");
        Require(
            data.Binarization == BinarizationKind.None || data.Scaling is ScalingKind.Unit or ScalingKind.MinMax,
            "data.binarization",
            RecipeNames.Of(data.Binarization),
            "none, unless data.scaling is unit or minMax",
            source
        );
        if (data.Separator is { } separator)
        {
            Require(
                separator is ['\t' or (>= '\x1F' and <= '~' and not ('"' or '#'))],
                "data.separator",
                $"\"{separator}\"",
                "one ASCII character, such as ; or a tab, and neither a quote nor #",
                source
            );
        }

        if (data.Table is { } table)
        {
            Require(
                data.Source == DataSourceKind.Csv && data.Image is null,
                "data.table",
                "given",
                "left out, unless data.source is csv and the rows are no images",
                source
            );
            Require(
                data.Scaling == ScalingKind.None,
                "data.scaling",
                RecipeNames.Of(data.Scaling),
                "none with data.table, whose data.table.scaling brings numbers to one unit",
                source
            );
            Require(
                table.EmbeddingWidth is null
                    || table.Categories == WordEncoding.Embedding
                    || table.Encodings?.Values.Contains(WordEncoding.Embedding) == true,
                "data.table.embeddingWidth",
                table.EmbeddingWidth,
                "left out, unless data.table.categories, or data.table.encodings of a column, is embedding",
                source
            );
        }

        if (data.Columns is { } columns)
        {
            Require(
                data.Source == DataSourceKind.Csv && columns.Count > 0,
                "data.columns",
                $"[{string.Join(", ", columns)}]",
                "a list of columns of a csv source",
                source
            );
        }
    }

    private static void CheckNoise(Recipe recipe, string source)
    {
        var noise = recipe.Noise;
        if (noise.Kind is NoiseKind.Masking or NoiseKind.SaltAndPepper or NoiseKind.Cutout or NoiseKind.Swap)
            Require(noise.Amount <= 1, "noise.amount", noise.Amount, $"a fraction from 0 to 1 for {RecipeNames.Of(noise.Kind)}", source);
        if (noise.Kind == NoiseKind.Swap && recipe.Data.Table is null)
            throw new LatentException($"noise.kind is swap, but data.table is not given; it is for tables ({source}).");
        if (noise.Kind == NoiseKind.Cutout && Image(recipe.Data) is null && recipe.Data.Source == DataSourceKind.Csv)
            throw new LatentException($"noise.kind is cutout, but the rows are no images ({source}).");
    }
}

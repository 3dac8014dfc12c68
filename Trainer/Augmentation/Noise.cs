using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;
using Latent.Models.Distributions;
using static TorchSharp.torch;

namespace Latent.Trainer.Augmentation;

/// <summary>What a denoiser is to remove.</summary>
public sealed class Noise
{
    private readonly NoiseRecipe _recipe;
    private readonly ImageDescription? _image;
    private readonly long[] _columns;

    private Noise(NoiseRecipe recipe, InputDescription input)
    {
        _recipe = recipe;
        _image = input.Image;
        _columns = input.Table is { } table ? [.. new TableLayout(table).ColumnsOfUnits().Select(column => (long)column)] : [];
    }

    /// <summary>The noise of a recipe, or null where it has none.</summary>
    /// <param name="recipe">Kind and amount.</param>
    /// <param name="input">The description of a row.</param>
    /// <exception cref="LatentException">A cutout is asked for in rows that are no images.</exception>
    public static Noise? Of(NoiseRecipe recipe, InputDescription input) =>
        recipe.Kind switch
        {
            NoiseKind.None => null,
            NoiseKind.Cutout when input.Image is null => throw new LatentException(
                "noise.kind is cutout, which needs images; these rows are a table."
            ),
            _ => new Noise(recipe, input),
        };

    /// <summary>Rows with noise; the rows themselves stay as they are.</summary>
    /// <param name="rows">Model units, [n, features] or [n, channels, height, width].</param>
    /// <param name="generator">Source of randomness.</param>
    public Tensor Add(Tensor rows, Generator generator) =>
        _recipe.Kind switch
        {
            NoiseKind.Gaussian => rows + (SliceGenerator.Normal(generator, rows) * _recipe.Amount),
            NoiseKind.Masking => rows * SliceGenerator.Uniform(generator, rows).ge(_recipe.Amount).to(ScalarType.Float32),
            NoiseKind.SaltAndPepper => SaltAndPepper(rows, generator),
            NoiseKind.Swap => Swapped(rows, generator),
            _ => Cutout(rows, generator),
        };

    // One draw serves both: below half the amount pepper, below the amount salt.
    private Tensor SaltAndPepper(Tensor rows, Generator generator)
    {
        var draw = SliceGenerator.Uniform(generator, rows);
        var hit = draw.lt(_recipe.Amount).to(ScalarType.Float32);
        var salt = draw.ge(_recipe.Amount / 2).to(ScalarType.Float32);
        return (rows * (1 - hit)) + (salt * hit);
    }

    // The rows of a minibatch come in random order, so that the next one is any.
    private Tensor Swapped(Tensor rows, Generator generator)
    {
        var (count, width) = (rows.shape[0], _columns.Length);
        if (count < 2)
            return rows;
        var units = rows.narrow(1, 0, width);
        var others = cat([units.narrow(0, 1, count - 1), units.narrow(0, 0, 1)], 0);
        var draw = rand([count, _columns.Max() + 1], device: rows.device, generator: generator);
        var isSwapped = draw.lt(_recipe.Amount).to(ScalarType.Float32).index_select(1, tensor(_columns, device: rows.device));
        return units + ((others - units) * isSwapped);
    }

    private Tensor Cutout(Tensor rows, Generator generator)
    {
        var (count, image) = (rows.shape[0], _image!);
        var keepRow = Outside(count, image.Height, rows.device, generator).reshape(count, 1, image.Height, 1);
        var keepColumn = Outside(count, image.Width, rows.device, generator).reshape(count, 1, 1, image.Width);
        var keep = 1 - ((1 - keepRow) * (1 - keepColumn));
        return (rows.reshape(count, image.Channels, image.Height, image.Width) * keep).reshape(rows.shape);
    }

    // [count, length]: 0 along a stretch at a random place, else 1.
    private Tensor Outside(long count, int length, Device device, Generator generator)
    {
        var side = Math.Clamp((int)Math.Round(_recipe.Amount * length), 1, length);
        var start = (
            SliceGenerator.Draw(generator, count, 0, n => rand([n, 1], device: device, generator: generator)) * (length - side + 1)
        ).floor();
        var distance = arange(length, dtype: ScalarType.Float32, device: device).reshape(1, length) - start;
        return 1 - (distance.ge(0).to(ScalarType.Float32) * distance.lt(side).to(ScalarType.Float32));
    }
}

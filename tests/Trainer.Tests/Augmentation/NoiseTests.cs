using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Contracts.Tables;
using Latent.Trainer.Augmentation;
using static TorchSharp.torch;

namespace Latent.Trainer.Tests.Augmentation;

public sealed class NoiseTests
{
    private static readonly InputDescription s_image = new()
    {
        Shape = [80],
        Unit = InputUnit.Pixel,
        Image = new ImageDescription(1, 10, 8),
    };

    private static readonly InputDescription s_table = new() { Shape = [3], Unit = InputUnit.Table };

    [Fact]
    public void Gaussian_noise_has_its_standard_deviation()
    {
        var difference = Values(NoiseKind.Gaussian, 0.2, 0.5f).Select(v => v - 0.5).ToArray();
        Assert.InRange(difference.Average(), -0.01, 0.01);
        Assert.InRange(Math.Sqrt(difference.Average(d => d * d)), 0.19, 0.21);
    }

    [Fact]
    public void Masking_sets_its_fraction_to_0_and_keeps_the_rest()
    {
        var values = Values(NoiseKind.Masking, 0.3, 0.5f);
        Assert.All(values, v => Assert.True(v is 0 or 0.5f));
        Assert.InRange(values.Average(v => v == 0 ? 1 : 0), 0.27, 0.33);
    }

    [Fact]
    public void Salt_and_pepper_are_half_and_half()
    {
        var values = Values(NoiseKind.SaltAndPepper, 0.4, 0.5f);
        Assert.InRange(values.Average(v => v == 0 ? 1 : 0), 0.18, 0.22);
        Assert.InRange(values.Average(v => v == 1 ? 1 : 0), 0.18, 0.22);
        Assert.All(values, v => Assert.True(v is 0 or 1 or 0.5f));
    }

    [Fact]
    public void A_hole_is_one_rectangle_of_its_size_that_moves()
    {
        var values = Values(NoiseKind.Cutout, 0.5, 1, rows: 60);
        var places = new HashSet<int>();
        for (var row = 0; row < 60; row++)
        {
            var holes = Enumerable.Range(0, 80).Where(i => values[(row * 80) + i] == 0).ToArray();
            Assert.Equal(5 * 4, holes.Length);
            Assert.Equal((4, 3), (holes.Max(i => i / 8) - holes.Min(i => i / 8), holes.Max(i => i % 8) - holes.Min(i => i % 8)));
            places.Add(holes[0]);
        }

        Assert.InRange(places.Count, 15, 30);
    }

    [Fact]
    public void The_generator_decides_and_the_rows_stay_as_they_were()
    {
        using var scope = NewDisposeScope();
        var rows = ones(4, 80);
        var noise = Noise.Of(new NoiseRecipe { Kind = NoiseKind.Masking, Amount = 0.5 }, s_image)!;
        float[] Draw(ulong seed) => noise.Add(rows, new Generator(seed)).data<float>().ToArray();
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
        Assert.Equal(320, rows.sum().item<float>());
    }

    [Fact]
    public void Swapped_cells_are_those_of_the_next_row_whole_columns_at_a_time()
    {
        var table = new TableDescription
        {
            Columns =
            [
                new TableColumn
                {
                    Name = "n",
                    Position = 0,
                    Kind = TableColumnKind.Number,
                    Transform = new NumberTransform(),
                },
                new TableColumn
                {
                    Name = "w",
                    Position = 1,
                    Kind = TableColumnKind.Category,
                    Likelihood = ColumnLikelihood.Categorical,
                    Levels = ["a", "b"],
                },
            ],
        };
        var noise = Noise.Of(new NoiseRecipe { Kind = NoiseKind.Swap, Amount = 0.3 }, s_table with { Shape = [2], Table = table })!;
        using var scope = NewDisposeScope();
        const int Rows = 2000;
        // Each row has its own number in all units of a column, so that a swapped cell tells where it came from; two values say what is
        // present.
        var values = Enumerable.Range(0, Rows).SelectMany(row => Enumerable.Repeat((float)row, 7)).ToArray();
        var noisy = noise.Add(tensor(values, [Rows, 7]), new Generator(1)).data<float>().ToArray();
        var swapped = 0;
        for (var row = 0; row < Rows; row++)
        {
            var units = noisy.AsSpan(row * 5, 5);
            Assert.All([units[0], units[1]], unit => Assert.True(unit == row || unit == (row + 1) % Rows));
            Assert.True(units[1..].IndexOfAnyExcept(units[1]) < 0);
            swapped += (units[0] == row ? 0 : 1) + (units[1] == row ? 0 : 1);
        }

        Assert.InRange(swapped / (2.0 * Rows), 0.27, 0.33);
    }

    [Fact]
    public void A_hole_in_a_table_is_refused()
    {
        Assert.Null(Noise.Of(new NoiseRecipe(), s_table));
        Assert.Contains(
            "images",
            Assert.Throws<LatentException>(() => Noise.Of(new NoiseRecipe { Kind = NoiseKind.Cutout, Amount = 0.5 }, s_table)).Message
        );
    }

    [Fact]
    public void Mirrored_images_are_reversed_within_each_line_and_keep_their_order()
    {
        using var scope = NewDisposeScope();
        var rows = arange(12, dtype: ScalarType.Float32).reshape(2, 6);
        var mirrored = Mirror.LeftToRight(rows, new ImageDescription(1, 2, 3));
        Assert.Equal([2, 1, 0, 5, 4, 3, 8, 7, 6, 11, 10, 9], mirrored.data<float>().ToArray());
        Assert.Equal([2, 6], mirrored.shape);
    }

    [Fact]
    public void Dynamic_binarisation_draws_ones_as_often_as_the_values_say()
    {
        using var scope = NewDisposeScope();
        var values = tensor(new float[] { 0, 0.25f, 1 }).repeat(4000, 1);
        var drawn = Binarization.Draw(values, new Generator(3)).mean([0]).data<float>().ToArray();
        Assert.Equal((0, 1), (drawn[0], drawn[2]));
        Assert.InRange(drawn[1], 0.23, 0.27);
    }

    private static float[] Values(NoiseKind kind, double amount, float value, int rows = 100)
    {
        using var scope = NewDisposeScope();
        var clean = full(rows, 80, value);
        return Noise.Of(new NoiseRecipe { Kind = kind, Amount = amount }, s_image)!.Add(clean, new Generator(1)).data<float>().ToArray();
    }
}

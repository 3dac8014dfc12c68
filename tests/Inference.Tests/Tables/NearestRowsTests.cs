using Latent.Contracts.Tables;
using Latent.Inference.Scoring;

namespace Latent.Tests;

public sealed class NearestRowsTests
{
    private const float SquaredBlur = 1e-4f;

    [Theory]
    [InlineData(1, 1)]
    [InlineData(64, 2)]
    [InlineData(150, 3)]
    public void The_term_is_the_mean_distance_from_the_nearest_points_by_their_radii(int count, int neighbors)
    {
        using var bundle = LatentBundle.Load(TestBundles.Nearest);
        var layout = new TableLayout(bundle.Manifest.Input.Table!);
        var random = new Random(7);
        var points = Enumerable.Range(0, count).Select(_ => Row(layout, random).Units.Select(unit => 0.9f * unit).ToArray()).ToArray();
        var radii = Enumerable.Range(0, count).Select(_ => 1 + random.NextSingle()).ToArray();
        var nearest = new NearestRows(layout, [.. points.SelectMany(point => point)], radii, neighbors, SquaredBlur, factor: 0.5f);
        var rows = Enumerable.Range(0, 20).Select(_ => Row(layout, random)).ToArray();
        var scores = Enumerable.Repeat(2f, rows.Length).ToArray();
        nearest.Add(
            rows.SelectMany(row => row.Units).ToArray(),
            rows.SelectMany(row => row.Places).ToArray(),
            scores,
            new float[rows.Length * nearest.Neighbors]
        );
        foreach (var (row, score) in rows.Zip(scores))
        {
            var distances = points.Select((point, i) => Distance(row.Units, point) / radii[i]).Order().Take(neighbors);
            Assert.Equal(2 + (0.5 * distances.Average()), score, 1e-5);
        }
    }

    [Fact]
    public void A_row_with_a_unit_that_is_no_number_has_a_score_that_is_none()
    {
        using var bundle = LatentBundle.Load(TestBundles.Nearest);
        var layout = new TableLayout(bundle.Manifest.Input.Table!);
        var nearest = new NearestRows(layout, new float[3 * layout.Width], [1, 1, 1], 2, SquaredBlur, factor: 1);
        var (units, places) = Row(layout, new Random(1));
        units[0] = float.NaN;
        float[] scores = [1];
        nearest.Add(units, places, scores, new float[2]);
        Assert.True(float.IsNaN(scores[0]));
    }

    private static (float[] Units, int[] Places) Row(TableLayout layout, Random random)
    {
        var (units, places, first) = (new float[layout.Width], new int[layout.CategoryWidths.Length], layout.WordsFrom);
        for (var i = 0; i < layout.WordsFrom; i++)
            units[i] = (random.NextSingle() * 4) - 2;
        foreach (var (i, width) in layout.CategoryWidths.Index())
        {
            var word = random.Next(width);
            (units[first + word], places[i]) = (1, first + word - layout.WordsFrom);
            first += width;
        }

        return (units, places);
    }

    private static double Distance(float[] a, float[] b) => Math.Sqrt(SquaredBlur + a.Zip(b, (x, y) => ((double)x - y) * (x - y)).Sum());
}

using Microsoft.ML;

namespace Latent.Tests;

public sealed class GenerateTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly LatentBundle _bundle = LatentBundle.Load(TestBundles.Pixels);

    public void Dispose() => _bundle.Dispose();

    [Fact]
    public void Generated_rows_are_decoded_draws_that_depend_on_seed_and_row_alone()
    {
        var rows = _ml.Latent().Generate(_bundle, 40, seed: 3);
        var codes = Rows.Vectors(rows, "Code");
        Assert.Equal(40, codes.Length);
        Assert.Equal(Rows.Raw(TestBundles.Pixels, "decoder", "output", codes), Rows.Vectors(rows, "Output"));
        var more = _ml.Latent()
            .Generate(
                _bundle,
                new GenerateOptions
                {
                    Count = 50,
                    Seed = 3,
                    BatchSize = 7,
                }
            );
        Assert.Equal(codes, Rows.Vectors(more, "Code").Take(40));
        Assert.NotEqual(codes[0], Rows.Vectors(_ml.Latent().Generate(_bundle, 1, seed: 4), "Code")[0]);
    }

    [Fact]
    public void Draws_are_standard_normal_times_the_temperature()
    {
        var values = Rows.Vectors(_ml.Latent().Generate(_bundle, new GenerateOptions { Count = 20_000, Temperature = 0.5f }), "Code")
            .SelectMany(c => c)
            .ToArray();
        Assert.InRange(values.Average(v => (double)v), -0.01, 0.01);
        Assert.InRange(values.Average(v => (double)v * v), 0.25 * 0.98, 0.25 * 1.02);
        Assert.InRange(values.Average(v => Math.Pow(v, 4)) / Math.Pow(values.Average(v => (double)v * v), 2), 2.9, 3.1);
    }

    [Fact]
    public void Interpolation_goes_straight_or_along_the_circle()
    {
        float[] from = [2, 0, 0, 0],
            to = [0, 2, 0, 0];
        var straight = Rows.Vectors(_ml.Latent().Interpolate(_bundle, from, to, 5), "Code");
        Assert.Equal(from, straight[0]);
        Assert.Equal([1f, 1f, 0f, 0f], straight[2]);
        Assert.Equal(to, straight[4]);
        var round = _ml.Latent()
            .Interpolate(
                _bundle,
                new InterpolateOptions
                {
                    From = from,
                    To = to,
                    Steps = 5,
                    Spherical = true,
                }
            );
        var codes = Rows.Vectors(round, "Code");
        var angles = Enumerable.Range(0, 5).Select(step => step * Math.PI / 8);
        Assert.Equal(
            angles.SelectMany(a => new[] { 2 * Math.Cos(a), 2 * Math.Sin(a), 0, 0 }),
            codes.SelectMany(c => c.Select(v => (double)v)),
            (a, b) => Math.Abs(a - b) < 1e-5
        );
        Assert.Equal(Rows.Raw(TestBundles.Pixels, "decoder", "output", codes), Rows.Vectors(round, "Output"));
    }
}

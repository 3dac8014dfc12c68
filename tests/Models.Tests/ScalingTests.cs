using Latent.Contracts.Recipes;
using static TorchSharp.torch;

namespace Latent.Models.Tests;

public sealed class ScalingTests
{
    // Second column constant.
    private static readonly float[] s_rows = [1, 5, -2, 3, 5, 0, 5, 5, 8];

    [Theory]
    [InlineData(ScalingKind.None, new[] { 0f }, new[] { 1f })]
    [InlineData(ScalingKind.Unit, new[] { 0f }, new[] { 1f / 255 })]
    [InlineData(ScalingKind.MinMax, new[] { 1f, 5, -2 }, new[] { 0.25f, 1, 0.1f })]
    [InlineData(ScalingKind.Standard, new[] { 3f, 5, 2 }, new[] { 0.61237244f, 1, 0.23145503f })]
    public void Offsets_and_factors_follow_from_the_rows(ScalingKind kind, float[] offset, float[] factor)
    {
        var scaling = Scaling.For(kind, s_rows, 3);
        Assert.Equal(offset, scaling.Offset);
        Assert.Equal(factor, scaling.Factor);
    }

    [Fact]
    public void A_large_mean_does_not_spoil_the_deviation()
    {
        float[] rows = [.. Enumerable.Range(0, 100_000).Select(i => 10_000 + (i % 2))];
        var scaling = Scaling.For(ScalingKind.Standard, rows, 1);
        Assert.Equal((10_000.5f, 2f), (scaling.Offset[0], scaling.Factor[0]));
    }

    [Fact]
    public void Model_units_go_back_to_data_units()
    {
        using var scope = NewDisposeScope();
        using var model = Fixtures.Model(
            Fixtures.Recipe(
                """{ "type": "flatten" }""",
                """{ "type": "linear", "out": 8 }, { "type": "unflatten", "shape": [2, 2, 2] }""",
                3
            ),
            new Scaling([1, 2, 3, 4, 5, 6, 7, 8], [1, 0.5f, 1, 1, 1, 1, 1, 4]),
            2,
            2,
            2
        );
        var raw = ones(5, 2, 2, 2) * 9;
        var scaled = model.ToModelUnits(raw);
        Assert.Equal([8, 3.5f, 6, 5, 4, 3, 2, 4], Fixtures.Values(scaled[0]));
        Assert.Equal(Fixtures.Values(raw), Fixtures.Values(model.ToDataUnits(scaled)));
    }

    [Fact]
    public void Static_binarisation_is_part_of_the_model()
    {
        using var scope = NewDisposeScope();
        using var model = Fixtures.Model(
            Fixtures.Small("\"reconstruction\": \"bernoulli\"", data: "\"source\": \"npy\", \"binarization\": \"static\""),
            new Scaling([0], [1f / 255]),
            4
        );
        Assert.Equal([0, 0, 1, 1], Fixtures.Values(model.ToModelUnits(tensor(new float[] { 0, 127, 128, 255 }).reshape(1, 4))));
    }

    [Fact]
    public void Impossible_scalings_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new Scaling([0, 1], [1]));
        Assert.Throws<ArgumentException>(() => new Scaling([0], [0]));
        Assert.Throws<ArgumentException>(() => new Scaling([float.NaN], [1]));
        Assert.Throws<ArgumentException>(() => Scaling.For(ScalingKind.Standard, s_rows, 4));
        Assert.Throws<ArgumentException>(() => Scaling.For(ScalingKind.MinMax, [], 4));
    }
}

namespace Latent.ManagedTorch.Tests.Parity;

public class DifferenceTests
{
    [Theory]
    [InlineData(float.NaN, 1, double.PositiveInfinity)]
    [InlineData(1, float.NaN, double.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, float.MaxValue, double.PositiveInfinity)]
    [InlineData(float.PositiveInfinity, float.NegativeInfinity, double.PositiveInfinity)]
    [InlineData(float.NaN, float.NaN, 0)]
    [InlineData(float.PositiveInfinity, float.PositiveInfinity, 0)]
    [InlineData(0, -0f, 0)]
    [InlineData(2, 2.5, 0.25)]
    [InlineData(0.01, 0.02, 1)]
    public void Every_difference_counts(float expected, float actual, double relative)
    {
        var difference = new Difference(false);
        difference.Add("x", [expected, expected], [actual, expected]);
        Assert.Equal(relative, difference.Relative, 1e-4);
    }

    [Fact]
    public void Sums_are_measured_by_their_array_and_other_numbers_by_themselves()
    {
        var (of, sums) = (new Difference(false), new Difference(true));
        foreach (var difference in (Difference[])[of, sums])
            difference.Add("x", [100, 1], [100, 1.5f]);
        Assert.Equal(0.5, of.Relative, 1e-6);
        Assert.Equal(0.5 / Math.Sqrt(5000.5), sums.Relative, 1e-6);
        Assert.Equal(0.5, sums.Absolute);
        Assert.Equal("x[1]: libtorch has 1, the managed engine 1.5", of.Where);
    }
}

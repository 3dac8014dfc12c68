using Latent.CommandLine;

namespace Latent.Tests;

public sealed class ProgressTextTests
{
    [Theory]
    [InlineData(5, "0:05")]
    [InlineData(3599, "59:59")]
    [InlineData(3600, "1:00:00")]
    [InlineData(108_000 + 61, "30:01:01")]
    public void Times_have_as_many_hours_as_they_need(int seconds, string text) =>
        Assert.Equal(text, ProgressText.Time(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(80, "epoch 1/2  loss 0.5  kl 0.1  9 rows/s")]
    [InlineData(37, "epoch 1/2  loss 0.5  kl 0.1  9 rows/s")]
    [InlineData(36, "epoch 1/2  loss 0.5  9 rows/s")]
    [InlineData(28, "epoch 1/2  loss 0.5")]
    [InlineData(18, "epoch 1/2")]
    [InlineData(3, "epoch 1/2")]
    public void A_narrow_line_leaves_out_what_matters_least(int width, string line) =>
        Assert.Equal(line, ProgressText.Fit(width, (0, "epoch 1/2"), (1, "loss 0.5"), (3, "kl 0.1"), (2, ""), (2, "9 rows/s")));
}

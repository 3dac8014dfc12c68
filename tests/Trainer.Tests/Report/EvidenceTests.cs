using Latent.Trainer.Report;
using Latent.Trainer.Report.Sections;

namespace Latent.Trainer.Tests.Report;

public class EvidenceTests
{
    [Fact]
    public void Cross_entropy_is_in_nats_per_row()
    {
        // Two rows of two pixels; the mean of each pixel is one half, and outputs give the right value a probability of 0.8.
        var (model, mean) = Evidence.CrossEntropies([255, 0, 0, 255], [204, 51, 51, 204], 2);
        Assert.Equal(2 * Math.Log(2), mean, 1e-6);
        Assert.Equal(-2 * Math.Log(0.8), model, 1e-6);
    }

    [Fact]
    public void The_share_of_variance_is_of_all_values_or_the_mean_over_the_columns_that_change()
    {
        // Squared errors 2 of a variance of 200 and 8 of 8; the third column never changes.
        float[] rows = [0, 0, 7, 20, 4, 7],
            outputs = [1, 2, 7, 19, 2, 9];
        Assert.Equal(1 - (14 / 208.0), Evidence.ShareOfVariance(rows, outputs, 3, eachColumn: false)!.Value, 1e-9);
        Assert.Equal(1 - (((2 / 200.0) + 1) / 2), Evidence.ShareOfVariance(rows, outputs, 3, eachColumn: true)!.Value, 1e-9);
        Assert.Null(Evidence.ShareOfVariance([3, 3], [1, 2], 1, eachColumn: true));
    }

    [Fact]
    public void Standardized_columns_have_mean_0_and_deviation_1()
    {
        Assert.Equal([-1, 0, 1, 0], Embeddings.Standardized([10, 5, 30, 5], 2));
    }
}

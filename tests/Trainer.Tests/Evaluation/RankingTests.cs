using Latent.Trainer.Evaluation;

namespace Latent.Trainer.Tests.Evaluation;

public class RankingTests
{
    [Fact]
    public void Four_rows_without_ties_by_hand()
    {
        // Of the four pairs of a "yes" and a "no" three are in order; the two "yes" are found at precisions 1/1 and 2/3.
        var ranking = Ranking.Of([0.6f, 0.9f, 0.7f, 0.8f], ["no", "yes", "yes", "no"])!;
        Assert.Equal(("yes", "no", 2, 4), (ranking.Positive, ranking.Negative, ranking.Positives, ranking.Rows));
        Assert.Equal(0.75, ranking.Auroc, 1e-12);
        Assert.Equal((1 + (2 / 3.0)) / 2, ranking.AveragePrecision, 1e-12);
        Assert.Equal(0.5, ranking.Chance);
        Assert.Equal([(0, 0), (0, 0.5), (0.5, 0.5), (0.5, 1), (1, 1)], ranking.Roc);
        Assert.Equal([(0, 1), (0.5, 1), (0.5, 2 / 3.0), (1, 2 / 3.0)], ranking.PrecisionRecall);
    }

    [Fact]
    public void Rows_of_equal_scores_count_half_and_are_found_together()
    {
        // The "1" is above one "0" and level with another: (1 + 1/2) / 3, with a third "0" above it.
        var ranking = Ranking.Of([5, 3, 3, 1], ["0", "1", "0", "0"])!;
        Assert.Equal("1", ranking.Positive);
        Assert.Equal(0.5, ranking.Auroc, 1e-12);
        Assert.Equal(1 / 3.0, ranking.AveragePrecision, 1e-12);
        Assert.Equal([(0, 0), (1 / 3.0, 0), (2 / 3.0, 1), (1, 1)], ranking.Roc);
    }

    [Fact]
    public void The_area_under_the_drawn_curve_is_the_AUROC_and_that_under_the_steps_the_average_precision()
    {
        var random = new Random(4);
        var labels = Enumerable.Range(0, 300).Select(i => i % 7 == 0 ? "rare" : "usual").ToArray();
        var scores = labels.Select(label => (float)random.Next(label == "rare" ? 12 : 10)).ToArray();
        var ranking = Ranking.Of(scores, labels)!;
        Assert.Equal(ranking.Auroc, Area(ranking.Roc), 1e-9);
        Assert.Equal(ranking.AveragePrecision, Area(ranking.PrecisionRecall), 1e-9);
        Assert.Equal((0, 0), ranking.Roc[0]);
        Assert.Equal((1, 1), ranking.Roc[^1]);

        var perfect = Ranking.Of([1, 2, 3, 4], ["a", "a", "a", "b"])!;
        Assert.Equal((1, 1), (perfect.Auroc, perfect.AveragePrecision));
        Assert.Equal([(0, 0), (0, 1), (1, 1)], perfect.Roc);
    }

    [Fact]
    public void One_label_and_three_are_not_ranked()
    {
        Assert.Null(Ranking.Of([1, 2], ["a", "a"]));
        Assert.Null(Ranking.Of([1, 2, 3], ["a", "b", "c"]));
    }

    private static double Area(IReadOnlyList<(double X, double Y)> points) =>
        points.Zip(points.Skip(1), (a, b) => (b.X - a.X) * (a.Y + b.Y) / 2).Sum();
}

using Latent.Trainer.Evaluation;

namespace Latent.Trainer.Tests.Evaluation;

public class AnomalyLabelsTests
{
    [Fact]
    public void Labels_say_yes_and_no_or_the_rarer_is_that_of_anomalies()
    {
        Assert.Equal([false, false, false, true], Told(["0", "0", "0", "1"]));
        // Two in three rows are anomalies, and a row without a label is neither.
        Assert.Equal([true, true, false, null], Told(["true", "True", "false", ""]));
        Assert.Equal([false, false, false, true], Told(["well", "well", "well", "broken"]));
        Assert.Null(AnomalyLabels.Rule(["a", "b", "c", "a"]));
        Assert.Null(AnomalyLabels.Rule(["0", "0", "0", "0"]));
    }

    private static bool?[] Told(string[] labels) => [.. labels.Select(AnomalyLabels.Rule(labels)!)];
}

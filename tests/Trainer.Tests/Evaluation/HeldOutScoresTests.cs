using System.Globalization;
using System.Text;
using Latent.Contracts.Bundles;
using Latent.Trainer.Data;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Runs;
using Latent.Trainer.Tests.Helpers;

namespace Latent.Trainer.Tests.Evaluation;

public sealed class HeldOutScoresTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Held_out_rows_are_no_points_of_the_density_and_the_graph_gives_them_the_scores_of_the_manifest()
    {
        var (data, bundle) = Train("data.validation=0.2", "data.test=0.2");
        using var graphs = new BundleGraphs(bundle);
        float[] scores = [.. graphs.Score(data.Validation!.Values).Score.Concat(graphs.Score(data.Test!.Values).Score).Order()];
        var kept = bundle.Manifest.Scores!;
        Assert.Equal(scores.Length, kept.Rows);
        Assert.Equal(scores[0], kept.Quantiles[0], 1e-3);
        Assert.Equal(scores[^1], kept.Quantiles[^1], 1e-3);
        Assert.Equal(scores[scores.Length / 2], kept.Threshold(0.5), 0.05 * scores[^1]);
        // Half of the rows are nearer to a point than the median; none is a point itself.
        Assert.True(scores[0] > 0.1 * scores[scores.Length / 2]);
    }

    [Fact]
    public void Without_held_out_rows_a_training_row_is_compared_with_the_others_only()
    {
        var (data, bundle) = Train("data.validation=0", "data.test=0", "training.patience=null", "training.keepBest=false");
        using var graphs = new BundleGraphs(bundle);
        float[] scores = [.. graphs.Score(data.Train.Values).Score.Order()];
        // In the graph the nearer of a row's two neighbours is the row itself.
        Assert.True(bundle.Manifest.Scores!.Threshold(0.5) > 1.3 * scores[scores.Length / 2]);
    }

    private (DataSplits Data, BundleFolder Bundle) Train(params string[] settings)
    {
        var random = new Random(1);
        var text = new StringBuilder("a,b,c\n");
        for (var row = 0; row < 200; row++)
        {
            var (x, y) = (random.NextDouble(), random.NextDouble());
            text.Append(CultureInfo.InvariantCulture, $"{x:R},{y:R},{x + y:R}\n");
        }

        var path = _folder.Write("rows.csv", text.ToString());
        var recipe = RecipeLibrary.Read("table", [$"data.path={path}", "training.epochs=3", .. settings]);
        var data = DataLoader.Load(recipe);
        TrainingRun.Execute(recipe, data, new RunOptions { Output = _folder.File("bundle"), Threads = 1 });
        return (data, BundleFolder.Open(_folder.File("bundle")));
    }
}

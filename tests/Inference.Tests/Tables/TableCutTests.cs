using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Tables;
using Latent.Inference.Scoring;

namespace Latent.Tests;

public sealed class TableCutTests
{
    [Theory]
    [InlineData(TensorNames.Score, true)]
    [InlineData(TensorNames.FeatureErrors, false)]
    [InlineData(TensorNames.LatentMean, false)]
    public void A_graph_loses_its_words_and_where_a_score_is_asked_for_its_search_for_the_nearest_rows(string output, bool isScore)
    {
        using var bundle = LatentBundle.Load(TestBundles.Nearest);
        var graph = bundle.GraphBytes(BundleRole.Autoencoder);
        var cut = TableCut.Of(graph, [output], bundle.Manifest.Input.Table!)!;
        Assert.DoesNotContain(TensorNames.Categories, cut.Inputs);
        Assert.Contains(TableCut.Words, cut.Inputs);
        Assert.Equal(isScore, cut.Nearest is not null);
        Assert.True(cut.Model.Length < GraphPruning.Keep(graph, [output]).Length);
    }

    [Fact]
    public void A_graph_without_words_or_with_other_words_stays_whole()
    {
        using var numbers = LatentBundle.Load(TestBundles.Sensors);
        Assert.Null(TableCut.Of(numbers.GraphBytes(BundleRole.Autoencoder), [TensorNames.Score], numbers.Manifest.Input.Table!));
        using var bundle = LatentBundle.Load(TestBundles.Nearest);
        var (graph, table) = (bundle.GraphBytes(BundleRole.Autoencoder), bundle.Manifest.Input.Table!);
        Assert.NotNull(TableCut.Of(graph, [TensorNames.Score], table));
        Assert.Null(TableCut.Of(graph, [TensorNames.Score], Changed(table, levels => [.. levels.Reverse()])));
        Assert.Null(TableCut.Of(graph, [TensorNames.Score], Changed(table, levels => [.. levels, "more"])));
        Assert.Null(TableCut.Of(graph, [TensorNames.Score], table with { Columns = [.. table.Columns.SkipLast(1)] }));
    }

    // Of the last column, which is one of words.
    private static TableDescription Changed(TableDescription table, Func<IReadOnlyList<string>, IReadOnlyList<string>> change) =>
        table with
        {
            Columns = [.. table.Columns.SkipLast(1), table.Columns[^1] with { Levels = change(table.Columns[^1].Levels!) }],
        };
}

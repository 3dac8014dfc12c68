using Latent.Contracts;
using Latent.Contracts.Bundles;

namespace Latent.Tests;

public sealed class GraphRunnerTests
{
    private static readonly string[] s_bundles = [TestBundles.Passengers, TestBundles.Sensors, TestBundles.Words, TestBundles.Nearest];

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(256)]
    public void Cells_give_what_the_graph_gives_of_numbers_and_words(int batch)
    {
        foreach (var folder in s_bundles)
        {
            using var bundle = LatentBundle.Load(folder);
            var rows = Cells(bundle, 300, seed: 3);
            using var runner = new GraphRunner(
                bundle,
                BundleRole.Autoencoder,
                batch,
                TensorNames.Score,
                TensorNames.FeatureErrors,
                TensorNames.Output
            );
            var (scores, errors, outputs) = (new List<float[]>(), new List<float[]>(), new List<float[]>());
            foreach (var part in rows.Chunk(batch))
            {
                for (var row = 0; row < part.Length; row++)
                    part[row].CopyTo(runner.InputRow(row));
                runner.Run(part.Length);
                for (var row = 0; row < part.Length; row++)
                {
                    scores.Add(runner.Output(0, row).ToArray());
                    errors.Add(runner.Output(1, row).ToArray());
                    outputs.Add(runner.Output(2, row).ToArray());
                }
            }

            TableRows.AssertClose(TableRows.Raw(bundle, "autoencoder", "score", rows), scores);
            TableRows.AssertClose(TableRows.Raw(bundle, "autoencoder", "feature_errors", rows), errors);
            TableRows.AssertClose(TableRows.Raw(bundle, "autoencoder", "output", rows), outputs);
        }
    }

    [Fact]
    public void A_cell_that_is_no_level_is_refused_and_the_runner_goes_on()
    {
        using var bundle = LatentBundle.Load(TestBundles.Passengers);
        using var runner = new GraphRunner(bundle, BundleRole.Autoencoder, 2, TensorNames.Score);
        float[][] rows = [new Passenger().Cells(), new Passenger { Deck = "B" }.Cells()];
        var expected = Run();
        foreach (var wrong in (float[])[4, -3, 0.5f, -0.5f, 1e9f, -1e9f, float.NaN, float.PositiveInfinity, float.NegativeInfinity])
        {
            rows[1][4] = wrong;
            var message = Assert.Throws<LatentException>(() => Run()).Message;
            Assert.Equal(
                FormattableString.Invariant(
                    $"The cell of column 'deck' in row 1 of the batch is {wrong}; it must be -2 (missing), -1 (unseen) or a level from 0 to 3."
                ),
                message
            );
            rows[1][4] = 1;
            Assert.Equal(expected, Run());
        }

        float[] Run()
        {
            for (var row = 0; row < rows.Length; row++)
                rows[row].CopyTo(runner.InputRow(row));
            runner.Run(2);
            return [runner.Output(0, 0)[0], runner.Output(0, 1)[0]];
        }
    }

    [Fact]
    public void Several_threads_score_through_one_bundle()
    {
        using var bundle = LatentBundle.Load(TestBundles.Passengers);
        var rows = Cells(bundle, 500, seed: 4);
        var expected = TableRows.Raw(bundle, "autoencoder", "score", rows);
        Parallel.For(
            0,
            4,
            thread =>
            {
                using var runner = new GraphRunner(bundle, BundleRole.Autoencoder, 50 + thread, TensorNames.Score);
                for (var pass = 0; pass < 3; pass++)
                {
                    var scores = new List<float[]>();
                    foreach (var part in rows.Chunk(runner.BatchSize))
                    {
                        for (var row = 0; row < part.Length; row++)
                            part[row].CopyTo(runner.InputRow(row));
                        runner.Run(part.Length);
                        scores.AddRange(Enumerable.Range(0, part.Length).Select(row => runner.Output(0, row).ToArray()));
                    }

                    TableRows.AssertClose(expected, scores);
                }
            }
        );
    }

    [Fact]
    public void A_graph_whose_words_are_not_those_of_the_manifest_is_refused()
    {
        using var bundle = LatentBundle.Load(TestBundles.Passengers);
        var table = bundle.Manifest.Input.Table!;
        var fewer = bundle.Manifest with
        {
            Input = bundle.Manifest.Input with { Shape = [7], Table = table with { Columns = [.. table.Columns.Take(7)] } },
        };
        using var wrong = new LatentBundle("wrong", fewer, null, role => (role.ToString(), bundle.GraphBytes(role)));
        var message = Assert.Throws<LatentException>(() => new GraphRunner(wrong, BundleRole.Encoder, 1, TensorNames.LatentMean)).Message;
        Assert.Equal("categories of Encoder is [?, 4], but by the manifest's input.table it must be [batch, 3].", message);
    }

    private static float[][] Cells(LatentBundle bundle, int count, int seed)
    {
        var random = new Random(seed);
        return
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ =>
                    bundle
                        .Manifest.Input.Table!.Columns.Select(column =>
                            column.Levels is { } levels ? random.Next(levels.Count + 2) - 2
                            : random.Next(8) == 0 ? float.NaN
                            : column.Kind == Contracts.Tables.TableColumnKind.Boolean ? random.Next(2)
                            : (float)(random.NextDouble() * 20)
                        )
                        .ToArray()
                ),
        ];
    }
}

using System.Globalization;
using Latent.Contracts;
using Latent.Contracts.Bundles;
using Latent.Contracts.Tables;
using Latent.Data.Rows;
using Latent.Data.Tables;

namespace Latent.Tests;

/// <summary>Passengers for a model of columns of several kinds, and what the model makes of them when it is asked directly.</summary>
internal static class MixedTable
{
    public const string Header = "name,class,fare,age,sex,deck,alone,boarded,paid";

    /// <summary>Class, fare, age (often missing), sex, deck (mostly missing), alone, boarded and paid; the names are left out.</summary>
    public static string Bundle => Path.Combine(World.Root, "tests", "Fixtures", "mixed-vae");

    /// <summary>Rows like those that the model was trained on, with their names.</summary>
    public static string[][] Rows(int count, int seed = 5)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => Row(random, i))];
    }

    public static string Csv(IEnumerable<string[]> rows, char separator = ',') =>
        Header.Replace(',', separator) + "\n" + string.Concat(rows.Select(row => string.Join(separator, row) + "\n"));

    /// <summary>Writes the bundle with another manifest.</summary>
    public static string Write(string folder, Func<BundleManifest, BundleManifest> change)
    {
        using var writer = BundleWriter.Begin(folder);
        foreach (var file in Directory.GetFiles(Bundle, "*.onnx"))
            File.Copy(file, Path.Combine(writer.Folder, Path.GetFileName(file)));
        writer.Complete(change(ManifestFile.Read(Bundle)));
        return folder;
    }

    /// <summary>Writes the bundle as one whose training rows are those of a table.</summary>
    public static string WriteTrainedOn(string folder, string csv) =>
        Write(
            folder,
            manifest =>
            {
                var (cells, codes) = Run(csv, BundleRole.Encoder, TensorNames.LatentMean);
                return manifest with
                {
                    Training = TrainingDistribution.Of(
                        manifest.Input.Table!,
                        cells.SelectMany(row => row).ToArray(),
                        codes.SelectMany(row => row).ToArray()
                    ),
                };
            }
        );

    /// <summary>The cells of a table's rows, and what a graph computes of them.</summary>
    public static (float[][] Cells, float[][] Results) Run(string csv, BundleRole graph, string tensor)
    {
        using var bundle = LatentBundle.Load(Bundle);
        using var source = TableFile.Open(
            csv,
            new TableOptions { Table = bundle.Manifest.Input.Table },
            bundle.Manifest.Input.Columns,
            bundle.InputLength,
            Shard.Whole,
            64
        );
        using var runner = new GraphRunner(bundle, graph, 64, tensor);
        var (batch, cells, results) = (new RowBatch(64, source.RowLength, 0), new List<float[]>(), new List<float[]>());
        for (; source.Read(batch, TestContext.Current.CancellationToken); batch.Clear())
        {
            Assert.Empty(batch.Skipped);
            for (var i = 0; i < batch.Count; i++)
                batch.Row(i).CopyTo(runner.InputRow(i));
            runner.Run(batch.Count);
            for (var i = 0; i < batch.Count; i++)
            {
                cells.Add(batch.Row(i).ToArray());
                results.Add(runner.Output(0, i).ToArray());
            }
        }

        return ([.. cells], [.. results]);
    }

    private static string[] Row(Random random, int i)
    {
        var level =
            random.NextDouble() is var u && u < 0.25 ? 0
            : u < 0.45 ? 1
            : 2;
        var fare =
            (
                level == 0 ? 80
                : level == 1 ? 22
                : 8
            ) * (0.7 + (0.6 * random.NextDouble()));
        var age = random.NextDouble() < 0.2 ? "" : $"{random.Next(16, 60)}";
        var deck = level == 0 ? $"{"ABC"[random.Next(3)]}" : "";
        var day =
            level == 0 ? 3
            : level == 1 ? 4
            : 10;
        var minutes = random.Next(480, 960);
        return
        [
            $"passenger {i}",
            $"{level + 1}",
            fare.ToString("F2", CultureInfo.InvariantCulture),
            age,
            random.NextDouble() < 0.6 ? "male" : "female",
            deck,
            $"{random.Next(2)}",
            $"1912-04-{day:00} {minutes / 60:00}:{minutes % 60:00}:00",
            random.NextDouble() < 0.85 ? "yes" : "no",
        ];
    }
}

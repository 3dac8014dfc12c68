using Latent.Contracts.Bundles;
using Latent.Contracts.Recipes;
using Latent.Trainer.Data;
using Latent.Trainer.Evaluation;
using Latent.Trainer.Progress;
using Latent.Trainer.Runs;

namespace Latent.Benchmarks;

/// <summary>Trains a bundle in a temporary folder and runs its graphs.</summary>
internal sealed class TrainedTable : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("latent-bench-").FullName;
    private readonly BundleGraphs? _graphs;

    public TrainedTable(Recipe recipe, DataSplits data)
    {
        try
        {
            var bundle = Path.Combine(_folder, "bundle");
            TrainingRun.Execute(recipe, data, new RunOptions { Output = bundle, Display = new QuietDisplay() });
            Bundle = BundleFolder.Open(bundle);
            _graphs = new BundleGraphs(Bundle);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Gets the bundle.</summary>
    public BundleFolder Bundle { get; }

    /// <summary>Computes the errors of the columns of rows, [n, columns], and the anomaly score of each row.</summary>
    public (float[] FeatureErrors, float[] Score) Score(float[] rows) => _graphs!.Score(rows);

    public void Dispose()
    {
        _graphs?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

using Latent.Contracts.Bundles;
using Latent.Data.Rows;
using Latent.Scorer.Commands;

namespace Latent.Scorer.Outputs;

/// <summary>Takes the results of rows from a graph's outputs.</summary>
/// <param name="graph">The graph that is run.</param>
/// <param name="tensors">The outputs that are computed.</param>
internal abstract class RowResults(BundleRole graph, params string[] tensors)
{
    /// <summary>Gets the graph that is run.</summary>
    public BundleRole Graph => graph;

    /// <summary>Gets the outputs that are computed.</summary>
    public IReadOnlyList<string> Tensors => tensors;

    /// <summary>Gets the number of numbers, and of yes or no, among a row's results.</summary>
    public abstract int Numbers { get; }

    /// <summary>Gets the number of texts among a row's results.</summary>
    public virtual int Texts => 0;

    /// <summary>Chooses what is computed for each row.</summary>
    /// <exception cref="Contracts.LatentException">The bundle has no such results.</exception>
    public static RowResults Of(ScoreSettings settings, LatentBundle bundle) =>
        settings.Operation == Operation.Score ? new ScoreResults(settings, bundle)
        : settings.Operation is Operation.Encode or Operation.Drift ? new VectorResults(bundle, settings.Operation)
        : bundle.Manifest.Input.Table is { } table ? new CellResults(table, settings.Operation)
        : new VectorResults(bundle, settings.Operation);

    /// <summary>Describes the columns of the output.</summary>
    /// <param name="source">The input.</param>
    public abstract IReadOnlyList<ResultColumn> Columns(RowSource source);

    /// <summary>Takes the results of a row of the runner's last run.</summary>
    public abstract void Take(GraphRunner runner, int row, RowBatch batch);
}

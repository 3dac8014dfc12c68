using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed class ClusteringCatalog
{
    internal ClusteringCatalog(Host host) => Trainers = new ClusteringTrainers(host);

    public ClusteringTrainers Trainers { get; }

    public ClusteringMetrics Evaluate(IDataView data, string? labelColumnName = null, string scoreColumnName = "Score",
        string? featureColumnName = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        return ClusteringEvaluator.Evaluate(data, labelColumnName, scoreColumnName, featureColumnName);
    }

    public sealed class ClusteringTrainers
    {
        internal ClusteringTrainers(Host host) => Host = host;

        internal Host Host { get; }
    }
}

using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed class ClusteringCatalog
{
    internal ClusteringCatalog(Host host) => Host = host;

    internal Host Host { get; }
}

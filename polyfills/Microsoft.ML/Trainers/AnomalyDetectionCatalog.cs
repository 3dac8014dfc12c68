using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed class AnomalyDetectionCatalog
{
    internal AnomalyDetectionCatalog(Host host) => Host = host;

    internal Host Host { get; }
}

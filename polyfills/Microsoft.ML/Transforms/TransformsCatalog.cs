using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed class TransformsCatalog
{
    internal TransformsCatalog(Host host)
    {
        Host = host;
        Conversion = new ConversionTransforms(host);
    }

    public ConversionTransforms Conversion { get; }

    internal Host Host { get; }

    public sealed class ConversionTransforms
    {
        internal ConversionTransforms(Host host) => Host = host;

        internal Host Host { get; }
    }
}

using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed class MLContext : IHostEnvironment
{
    public MLContext(int? seed = null)
    {
        Host = new Host(seed);
        Clustering = new ClusteringCatalog(Host);
        AnomalyDetection = new AnomalyDetectionCatalog(Host);
        Transforms = new TransformsCatalog(Host);
        Model = new ModelOperationsCatalog(Host);
        Data = new DataOperationsCatalog(Host);
    }

    public ClusteringCatalog Clustering { get; }

    public AnomalyDetectionCatalog AnomalyDetection { get; }

    public TransformsCatalog Transforms { get; }

    public ModelOperationsCatalog Model { get; }

    public DataOperationsCatalog Data { get; }

    public bool FallbackToCpu
    {
        get => Host.FallbackToCpu;
        set => Host.FallbackToCpu = value;
    }

    public int? GpuDeviceId
    {
        get => Host.GpuDeviceId;
        set => Host.GpuDeviceId = value;
    }

    internal Host Host { get; }

    IHost IHostEnvironment.Register(string name, int? seed, bool? verbose) => Host.Register(name, seed, verbose);
}

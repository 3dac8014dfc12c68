namespace Microsoft.ML.Data;

public sealed class ClusteringMetrics
{
    internal ClusteringMetrics(double mutualInformation, double averageDistance, double daviesBouldin)
    {
        NormalizedMutualInformation = mutualInformation;
        AverageDistance = averageDistance;
        DaviesBouldinIndex = daviesBouldin;
    }

    /// <summary>NaN where no labels are given.</summary>
    public double NormalizedMutualInformation { get; }

    public double AverageDistance { get; }

    /// <summary>0 where no features are given.</summary>
    public double DaviesBouldinIndex { get; }
}

using Microsoft.ML.Data;

namespace Microsoft.ML.Trainers;

public sealed class KMeansModelParameters
{
    internal KMeansModelParameters(float[][] centroids) => Centroids = centroids;

    internal float[][] Centroids { get; }

    public void GetClusterCentroids(ref VBuffer<float>[] centroids, out int k)
    {
        k = Centroids.Length;
        centroids = [.. Centroids.Select(centroid => new VBuffer<float>(centroid.Length, [.. centroid]))];
    }
}

namespace Microsoft.ML.Data;

internal static class ClusteringEvaluator
{
    public static ClusteringMetrics Evaluate(IDataView data, string? labelColumn, string scoreColumn, string? featureColumn)
    {
        var column = ColumnPairs.Input(data.Schema, scoreColumn);
        if (column.Type is not VectorDataViewType { IsKnownSize: true } vector || vector.ItemType != NumberDataViewType.Single)
            throw SchemaErrors.Mismatch("schema", "score", scoreColumn, "a vector of Single of known size", column.Type.ToString()!);
        var scores = data.GetColumn<float[]>(scoreColumn).ToArray();
        var finite = Array.ConvertAll(scores, score => Array.TrueForAll(score, float.IsFinite));
        scores = Finite(scores);
        var assigned = Array.ConvertAll(scores, score => Array.IndexOf(score, score.Min()));
        return new(
            labelColumn is null ? double.NaN : MutualInformation(Finite(Labels(data, labelColumn)), assigned),
            scores.Select(score => score.Min()).DefaultIfEmpty(float.NaN).Average(),
            featureColumn is null ? 0 : DaviesBouldin(Finite(data.GetColumn<float[]>(featureColumn)), assigned, vector.Size));

        // Rows with a score that is no finite number are left out.
        T[] Finite<T>(IEnumerable<T> rows) => [.. rows.Where((_, i) => finite[i])];
    }

    // Rows without a label count as of the first class, as in ML.NET.
    private static IEnumerable<double> Labels(IDataView data, string name)
    {
        var column = ColumnPairs.Input(data.Schema, name);
        return column.Type switch
        {
            var type when type == NumberDataViewType.Single => data.GetColumn<float>(column).Select(label =>
                float.IsNaN(label) ? 0.0
                : label >= 0 && label == MathF.Floor(label) ? label
                : throw new InvalidOperationException($"Label column '{name}' has {label}, and a class is a whole number from 0 on.")),
            KeyDataViewType { RawType: var raw } when raw == typeof(uint) =>
                data.GetColumn<uint>(column).Select(label => label == 0 ? 0.0 : label - 1),
            _ => throw SchemaErrors.Mismatch("schema", "label", name, "Single or a key", column.Type.ToString()!),
        };
    }

    // I(class; cluster) / H(class)
    private static double MutualInformation(double[] labels, int[] clusters)
    {
        var n = (double)labels.Length;
        var classes = labels.CountBy(label => label).ToDictionary(pair => pair.Key, pair => pair.Value / n);
        var parts = clusters.CountBy(cluster => cluster).ToDictionary(pair => pair.Key, pair => pair.Value / n);
        var information = labels.Zip(clusters).CountBy(pair => pair)
            .Sum(pair => pair.Value / n * Math.Log(pair.Value / n / (classes[pair.Key.First] * parts[pair.Key.Second])));
        return information / -classes.Values.Sum(p => p * Math.Log(p));
    }

    private static double DaviesBouldin(float[][] features, int[] clusters, int count)
    {
        var members = clusters.Select((cluster, row) => (cluster, features[row])).ToLookup(pair => pair.cluster, pair => pair.Item2);
        var centroids = Enumerable.Range(0, count).Where(members.Contains).Select(k => (
            Center: Enumerable.Range(0, features[0].Length).Select(d => members[k].Average(row => row[d])).ToArray(),
            Rows: members[k])).ToArray();
        var spreads = centroids.Select(c => c.Rows.Average(row => Math.Sqrt(VectorMath.SquaredDistance(row, c.Center)))).ToArray();
        var sum = 0.0;
        for (var i = 0; i < centroids.Length; i++)
        {
            sum += Enumerable.Range(0, centroids.Length).Where(j => j != i)
                .Select(j => (spreads[i] + spreads[j]) / Math.Sqrt(VectorMath.SquaredDistance(centroids[i].Center, centroids[j].Center)))
                .DefaultIfEmpty(0).Max();
        }

        return sum / count;
    }
}

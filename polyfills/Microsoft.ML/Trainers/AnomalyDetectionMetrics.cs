namespace Microsoft.ML.Data;

public sealed class AnomalyDetectionMetrics
{
    private AnomalyDetectionMetrics(double areaUnderRocCurve, double detectionRate)
    {
        AreaUnderRocCurve = areaUnderRocCurve;
        DetectionRateAtFalsePositiveCount = detectionRate;
    }

    public double AreaUnderRocCurve { get; }

    /// <summary>The share of the anomalies that score above all but so many of the other rows.</summary>
    public double DetectionRateAtFalsePositiveCount { get; }

    internal static AnomalyDetectionMetrics Evaluate(IDataView data, string labelColumn, string scoreColumn, int falsePositiveCount)
    {
        var label = data.Schema.GetColumnOrNull(labelColumn) ?? throw SchemaErrors.Missing("schema", "label", labelColumn);
        var score = data.Schema.GetColumnOrNull(scoreColumn) ?? throw SchemaErrors.Missing("schema", "score", scoreColumn);
        var anomalous = label.Type switch
        {
            BooleanDataViewType => data.GetColumn<bool>(label).Select(value => (bool?)value),
            KeyDataViewType { Count: 2, RawType: var raw } when raw == typeof(uint) =>
                data.GetColumn<uint>(label).Select(key => key == 0 ? (bool?)null : key > 1),
            var type when type == NumberDataViewType.Single =>
                data.GetColumn<float>(label).Select(value => float.IsNaN(value) ? (bool?)null : value > 0),
            _ => throw SchemaErrors.Mismatch("schema", "label", labelColumn, "Single, Boolean or a key of two values",
                label.Type.ToString()!),
        };
        // Rows without a label or a finite score are left out.
        var rows = data.GetColumn<float>(score).Zip(anomalous).Where(row => float.IsFinite(row.First) && row.Second is not null)
            .Select(row => (Score: row.First, Anomalous: row.Second!.Value)).OrderByDescending(row => row.Score).ToArray();
        var positives = rows.Count(row => row.Anomalous);
        if (positives == 0 || positives == rows.Length)
            throw new ArgumentOutOfRangeException(nameof(data),
                $"Of {rows.Length} rows {positives} are anomalies; the curve needs some of both kinds.");
        return new(Area(rows, positives), DetectionRate(rows, positives, falsePositiveCount));
    }

    // The chance that an anomaly scores above another row; ties count half.
    private static double Area((float Score, bool Anomalous)[] descending, int positives)
    {
        var (area, below) = (0.0, (double)(descending.Length - positives));
        foreach (var tie in descending.GroupBy(row => row.Score))
        {
            var hits = tie.Count(row => row.Anomalous);
            var misses = tie.Count() - hits;
            below -= misses;
            area += hits * (below + (misses / 2.0));
        }

        return area / positives / (descending.Length - positives);
    }

    private static double DetectionRate((float Score, bool Anomalous)[] descending, int positives, int falsePositiveCount)
    {
        var (hits, misses) = (0, 0);
        foreach (var (_, anomalous) in descending)
        {
            if (anomalous)
                hits++;
            else if (++misses > falsePositiveCount)
                break;
        }

        return (double)hits / positives;
    }
}

namespace Latent.Scorer.Reporting;

/// <summary>
/// Computes the area under the ROC curve: the probability that an anomaly scores above a normal row, ties counted half
/// (Hanley and McNeil 1982). It keeps five bytes per row.
/// </summary>
internal sealed class Auroc
{
    private readonly List<float> _scores = [];
    private readonly List<bool> _isAnomaly = [];

    public int Anomalies => _isAnomaly.Count(a => a);

    public int Rows => _scores.Count;

    public void Add(float score, bool isAnomaly)
    {
        _scores.Add(score);
        _isAnomaly.Add(isAnomaly);
    }

    /// <summary>Gets the area, 0 to 1; null where all rows are of one kind.</summary>
    public double? Value()
    {
        long anomalies = Anomalies,
            normals = Rows - Anomalies;
        if (anomalies == 0 || normals == 0)
            return null;
        var (scores, labels) = (_scores.ToArray(), _isAnomaly.ToArray());
        Array.Sort(scores, labels);
        var sum = 0.0;
        for (var start = 0; start < scores.Length; )
        {
            var end = start;
            while (end < scores.Length && scores[end].Equals(scores[start]))
                end++;
            // Ranks from 1; ties share their mean.
            sum += labels.AsSpan(start, end - start).Count(true) * ((start + 1 + end) / 2.0);
            start = end;
        }

        return (sum - anomalies * (anomalies + 1) / 2.0) / ((double)anomalies * normals);
    }
}

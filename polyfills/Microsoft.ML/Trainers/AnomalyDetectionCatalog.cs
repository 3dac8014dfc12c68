using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed class AnomalyDetectionCatalog
{
    internal AnomalyDetectionCatalog(Host host) => Trainers = new AnomalyDetectionTrainers(host);

    public AnomalyDetectionTrainers Trainers { get; }

    public AnomalyDetectionMetrics Evaluate(IDataView data, string labelColumnName = "Label", string scoreColumnName = "Score",
        string predictedLabelColumnName = "PredictedLabel", int falsePositiveCount = 10)
    {
        ArgumentNullException.ThrowIfNull(data);
        ColumnPairs.Input(data.Schema, predictedLabelColumnName);
        return AnomalyDetectionMetrics.Evaluate(data, labelColumnName, scoreColumnName, falsePositiveCount);
    }

    public AnomalyPredictionTransformer<TModel> ChangeModelThreshold<TModel>(AnomalyPredictionTransformer<TModel> model, float threshold)
        where TModel : class
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.WithThreshold(threshold);
    }

    public sealed class AnomalyDetectionTrainers
    {
        internal AnomalyDetectionTrainers(Host host) => Host = host;

        internal Host Host { get; }
    }
}

using Microsoft.ML;
using Microsoft.ML.Data;

namespace Latent.Trainer.Evaluation;

/// <summary>Tells labels from codes, with what was learned from the codes of labelled training rows.</summary>
internal static class CodeClassifiers
{
    /// <summary>The number of neighbours that vote.</summary>
    public const int Neighbours = 5;

    /// <summary>
    /// Computes the share of held-out rows whose label most of the nearest training codes have, by Euclidean distance; of labels with as
    /// many votes, the one of the nearest code wins.
    /// </summary>
    /// <param name="train">Codes of the training rows, [n, z].</param>
    /// <param name="trainLabels">Their labels.</param>
    /// <param name="test">Codes of the held-out rows, [m, z].</param>
    /// <param name="testLabels">Their labels.</param>
    /// <param name="stop">Cancels it.</param>
    /// <returns>From 0 to 1.</returns>
    public static double NearestAccuracy(
        float[] train,
        string[] trainLabels,
        float[] test,
        string[] testLabels,
        CancellationToken stop = default
    )
    {
        var latent = train.Length / trainLabels.Length;
        var isRight = new bool[testLabels.Length];
        Parallel.For(
            0,
            testLabels.Length,
            new ParallelOptions { CancellationToken = stop },
            row =>
            {
                var code = test.AsSpan(row * latent, latent);
                var nearest = new PriorityQueue<int, (double, int)>();
                for (var other = 0; other < trainLabels.Length; other++)
                {
                    var distance = 0.0;
                    for (var d = 0; d < latent; d++)
                    {
                        var difference = (double)code[d] - train[(other * latent) + d];
                        distance += difference * difference;
                    }

                    // The farthest comes out first.
                    if (nearest.Count < Neighbours)
                        nearest.Enqueue(other, (-distance, -other));
                    else
                        nearest.EnqueueDequeue(other, (-distance, -other));
                }

                var fromNearest = new List<string>();
                while (nearest.TryDequeue(out var other, out _))
                    fromNearest.Insert(0, trainLabels[other]);
                var vote = fromNearest
                    .GroupBy(label => label)
                    .OrderByDescending(group => group.Count())
                    .ThenBy(group => fromNearest.IndexOf(group.Key))
                    .First();
                isRight[row] = vote.Key == testLabels[row];
            }
        );
        return isRight.Average(right => right ? 1.0 : 0);
    }

    /// <summary>
    /// Computes the share of held-out rows whose label multinomial logistic regression tells (ML.NET's LbfgsMaximumEntropy on
    /// standardized codes, with its defaults).
    /// </summary>
    /// <param name="train">Codes of the training rows, [n, z].</param>
    /// <param name="trainLabels">Their labels.</param>
    /// <param name="test">Codes of the held-out rows, [m, z].</param>
    /// <param name="testLabels">Their labels.</param>
    /// <returns>From 0 to 1.</returns>
    public static double LinearAccuracy(float[] train, string[] trainLabels, float[] test, string[] testLabels)
    {
        var latent = train.Length / trainLabels.Length;
        var ml = new MLContext(seed: 1);
        var schema = SchemaDefinition.Create(typeof(LabelledCode));
        schema[nameof(LabelledCode.Code)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, latent);
        var keys = ml.Transforms.Conversion.MapValueToKey("Key", nameof(LabelledCode.Label));
        var pipeline = keys.Append(ml.Transforms.NormalizeMeanVariance("Features", nameof(LabelledCode.Code), fixZero: false))
            .Append(
                ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(
                    new Microsoft.ML.Trainers.LbfgsMaximumEntropyMulticlassTrainer.Options { LabelColumnName = "Key", NumberOfThreads = 1 }
                )
            )
            .Append(ml.Transforms.Conversion.MapKeyToValue("Told", "PredictedLabel"));
        var told = pipeline.Fit(View(train, trainLabels)).Transform(View(test, testLabels)).GetColumn<ReadOnlyMemory<char>>("Told");
        return told.Zip(testLabels, (a, b) => a.Span.SequenceEqual(b) ? 1.0 : 0).Average();

        IDataView View(float[] codes, string[] labels) =>
            ml.Data.LoadFromEnumerable(
                labels.Select((label, row) => new LabelledCode { Code = codes[(row * latent)..((row + 1) * latent)], Label = label }),
                schema
            );
    }

    private sealed class LabelledCode
    {
        public float[] Code { get; set; } = [];

        public string Label { get; set; } = "";
    }
}

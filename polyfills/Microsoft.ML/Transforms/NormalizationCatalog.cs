using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace Microsoft.ML;

public static class NormalizationCatalog
{
    private const long AllRows = 1000000000;

    public static NormalizingEstimator NormalizeMinMax(this TransformsCatalog catalog, string outputColumnName,
        string? inputColumnName = null,
        long maximumExampleCount = AllRows, bool fixZero = true) =>
        catalog.NormalizeMinMax([new(outputColumnName, inputColumnName)], maximumExampleCount, fixZero);

    public static NormalizingEstimator NormalizeMinMax(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        long maximumExampleCount = AllRows, bool fixZero = true) =>
        new(columns.Pairs(), NormalizerKind.MinMax, fixZero, maximumExampleCount);

    public static NormalizingEstimator NormalizeMeanVariance(this TransformsCatalog catalog, string outputColumnName,
        string? inputColumnName = null,
        long maximumExampleCount = AllRows, bool fixZero = true, bool useCdf = false) =>
        catalog.NormalizeMeanVariance([new(outputColumnName, inputColumnName)], maximumExampleCount, fixZero, useCdf);

    public static NormalizingEstimator NormalizeMeanVariance(this TransformsCatalog catalog, InputOutputColumnPair[] columns,
        long maximumExampleCount = AllRows, bool fixZero = true, bool useCdf = false) =>
        new(columns.Pairs(), useCdf ? NormalizerKind.Cdf : NormalizerKind.MeanVariance, fixZero, maximumExampleCount);
}

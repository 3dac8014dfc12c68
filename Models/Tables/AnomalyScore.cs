using Latent.Models.Onnx;

namespace Latent.Models.Tables;

/// <summary>
/// Represents the anomaly score of a table's rows: how much worse than usual their columns are reconstructed, and how far they are from
/// what was learned.
/// </summary>
/// <param name="TypicalErrors">Error of each column that is usual on rows that were not learned from; above 0.</param>
/// <param name="ReconstructionFactor">Factor of the root of the mean relative error of a row's columns.</param>
/// <param name="Density">The distance that is added, or null.</param>
/// <param name="DensityFactor">Its factor.</param>
public sealed record AnomalyScore(
    float[] TypicalErrors,
    float ReconstructionFactor = 1,
    DensityScore? Density = null,
    float DensityFactor = 1
)
{
    /// <summary>Computes the scores of rows.</summary>
    /// <param name="errors">Errors of the columns, [rows, columns].</param>
    /// <param name="present">1 for each cell that is present, else 0, [rows, columns].</param>
    /// <param name="units">Model units, [rows, width].</param>
    /// <param name="codes">Codes, [rows, z].</param>
    /// <param name="self">See <see cref="DensityScore.Of"/>.</param>
    /// <returns>Each column's error as a multiple of the usual one, [rows, columns], and the score of each row.</returns>
    public (float[] Relative, float[] Score) Of(float[] errors, float[] present, float[] units, float[] codes, int? self = null)
    {
        var columns = TypicalErrors.Length;
        var (relative, score) = (new float[errors.Length], new float[errors.Length / columns]);
        var distances = Density?.Of(units, codes, self);
        for (var row = 0; row < score.Length; row++)
        {
            var (sum, count) = (0f, 0f);
            for (var i = row * columns; i < (row + 1) * columns; i++)
            {
                relative[i] = errors[i] / TypicalErrors[i % columns];
                sum += relative[i];
                count += present[i];
            }

            var root = MathF.Sqrt(Math.Max(0, sum / Math.Max(1, count)));
            score[row] = (root * ReconstructionFactor) + (distances is null ? 0 : distances[row] * DensityFactor);
        }

        return (relative, score);
    }

    internal (string Relative, string Score) Write(OnnxGraph graph, string errors, string present, string units, string code)
    {
        var relative = graph.Add("Div", "score.relative", [errors, graph.Constant("score.typical_errors", TypicalErrors)]);
        var sum = graph.Add("ReduceSum", "score.sum", [relative, graph.Integers("score.sum_axes", [1])], ("keepdims", 0));
        var count = graph.Add("ReduceSum", "score.count", [present, graph.Integers("score.count_axes", [1])], ("keepdims", 0));
        var mean = graph.Add("Div", "score.mean", [sum, graph.Add("Max", "score.some", [count, graph.Constant("one", 1)])]);
        var root = graph.Add("Sqrt", "score.root", [graph.Add("Max", "score.not_negative", [mean, graph.Constant("zero", 0)])]);
        var score = graph.Add("Mul", "score.reconstruction", [root, graph.Constant("score.reconstruction_factor", ReconstructionFactor)]);
        if (Density is null)
            return (relative, score);
        var distance = Density.Write(graph, units, code);
        var density = graph.Add("Mul", "score.density", [distance, graph.Constant("score.density_factor", DensityFactor)]);
        return (relative, graph.Add("Add", "score.both", [score, density]));
    }
}

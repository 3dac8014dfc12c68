using Latent.Models.Onnx;

namespace Latent.Models.Tables;

/// <summary>
/// Represents a distance from what was learned: of y = (v - mean) · map from the origin or, with prototypes, the mean distance from the
/// nearest of them, v being a row in model units or its code.
/// </summary>
/// <param name="OfCodes">Whether v is the code.</param>
/// <param name="Mean">What is subtracted, [d]; null for nothing.</param>
/// <param name="Map">[d, d], row by row; null for the identity.</param>
/// <param name="Prototypes">Values of y of training rows, [n, d], row by row; null for none.</param>
/// <param name="Radii">The distance from each prototype that counts as 1, [n], which is larger where training rows are sparse.</param>
/// <param name="Dimension">d.</param>
/// <param name="Neighbors">Over how many of the nearest prototypes the distance is averaged, at most n.</param>
public sealed record DensityScore(
    bool OfCodes,
    float[]? Mean,
    float[]? Map,
    float[]? Prototypes,
    float[]? Radii,
    int Dimension,
    int Neighbors
)
{
    /// <summary>Rows closer than this are the same: products of 32-bit floats don't tell which is the nearest.</summary>
    internal const float Blur = 0.01f;

    private const int SpareCandidates = 14;
    private const float SquaredBlur = Blur * Blur;

    /// <summary>Computes the distances of rows.</summary>
    /// <param name="units">Model units, [rows, width].</param>
    /// <param name="codes">Codes, [rows, z].</param>
    /// <param name="self">
    /// Number of the prototype that the first row is, and the others after it, which doesn't count; null for other rows.
    /// </param>
    /// <returns>[rows].</returns>
    public float[] Of(float[] units, float[] codes, int? self = null)
    {
        var values = OfCodes ? codes : units;
        var result = new float[values.Length / Dimension];
        var nearest = new double[Neighbors];
        for (var row = 0; row < result.Length; row++)
        {
            var y = Mapped(values.AsSpan(row * Dimension, Dimension));
            if (Prototypes is null)
            {
                result[row] = (float)Distance(y, new float[Dimension]);
                continue;
            }

            Array.Fill(nearest, double.PositiveInfinity);
            for (var at = 0; at < Prototypes.Length; at += Dimension)
            {
                if (at == (self + row) * Dimension)
                    continue;
                var distance = Distance(y, Prototypes.AsSpan(at, Dimension)) / Radii![at / Dimension];
                for (var k = 0; k < Neighbors; k++)
                {
                    if (distance < nearest[k])
                        (nearest[k], distance) = (distance, nearest[k]);
                }
            }

            result[row] = (float)nearest.Average();
        }

        return result;
    }

    /// <summary>Computes y.</summary>
    /// <param name="values">v, [d].</param>
    public float[] Mapped(ReadOnlySpan<float> values)
    {
        var y = values.ToArray();
        for (var i = 0; i < Dimension && Mean is not null; i++)
            y[i] -= Mean[i];
        if (Map is null)
            return y;
        var mapped = new float[Dimension];
        for (var i = 0; i < Dimension; i++)
        {
            for (var j = 0; j < Dimension; j++)
                mapped[j] += y[i] * Map[(i * Dimension) + j];
        }

        return mapped;
    }

    internal string Write(OnnxGraph graph, string units, string code)
    {
        var y = OfCodes ? code : units;
        if (Mean is not null)
            y = graph.Add("Sub", "density.centred", [y, graph.Matrix("density.mean", 1, Dimension, Mean)]);
        if (Map is not null)
            y = graph.Add("MatMul", "density.mapped", [y, graph.Matrix("density.map", Dimension, Dimension, Map)]);
        return Prototypes is null ? Length(graph, "density.distance", y, axis: 1) : Nearest(graph, y, Prototypes, Radii!);
    }

    // |y - p|² = |y|² + |p|² - 2y·p is good enough to choose a few candidates, whose distances are then computed without loss.
    private string Nearest(OnnxGraph graph, string y, float[] prototypes, float[] radii)
    {
        var count = radii.Length;
        var (scaled, squares) = (new float[(Dimension + 1) * count], new float[count]);
        for (var i = 0; i < count; i++)
        {
            var precision = 1 / (radii[i] * radii[i]);
            for (var j = 0; j < Dimension; j++)
            {
                var value = prototypes[(i * Dimension) + j];
                scaled[(j * count) + i] = 2 * value * precision;
                squares[i] -= value * value * precision;
            }

            scaled[(Dimension * count) + i] = -precision;
        }

        var size = graph.Add(
            "ReduceSum",
            "density.size",
            [graph.Add("Mul", "density.square", [y, y]), graph.Integers("density.size_axes", [1])],
            ("keepdims", 1)
        );
        var products = graph.Add(
            "Gemm",
            "density.nearness",
            [
                graph.Add("Concat", "density.with_size", [y, size], ("axis", 1)),
                graph.Matrix("density.scaled_prototypes", Dimension + 1, count, scaled),
                graph.Matrix("density.less_squares", 1, count, squares),
            ]
        );
        var best = graph.Add(
            "TopK",
            "density.best",
            [products, graph.Integers("density.candidates", [Math.Min(Neighbors + SpareCandidates, count)])],
            ("axis", 1),
            ("sorted", 0)
        );
        var nearest = graph.AddOutput(best, "density.nearest");
        var rows = graph.Add(
            "Gather",
            "density.nearest_rows",
            [graph.Matrix("density.prototypes", count, Dimension, prototypes), nearest],
            ("axis", 0)
        );
        var each = graph.Add("Unsqueeze", "density.each", [y, graph.Integers("density.neighbor_axis", [1])]);
        var distances = Length(graph, "density.distances", graph.Add("Sub", "density.differences", [each, rows]), axis: 2);
        var nearestRadii = graph.Add("Gather", "density.nearest_radii", [graph.Constant("density.radii", radii), nearest], ("axis", 0));
        distances = graph.Add("Div", "density.relative_distances", [distances, nearestRadii]);
        var closest = graph.Add(
            "TopK",
            "density.closest",
            [distances, graph.Integers("density.neighbors", [Neighbors])],
            ("axis", 1),
            ("largest", 0),
            ("sorted", 0)
        );
        graph.AddOutput(closest, "density.closest_places");
        return graph.Add("ReduceMean", "density.distance", [closest], ("axes", new long[] { 1 }), ("keepdims", 0));
    }

    private static string Length(OnnxGraph graph, string name, string vectors, int axis)
    {
        var squares = graph.Add("Mul", $"{name}.squares", [vectors, vectors]);
        var sum = graph.Add("ReduceSum", $"{name}.sum", [squares, graph.Integers($"{name}.axes", [axis])], ("keepdims", 0));
        return graph.Add("Sqrt", name, [graph.Add("Add", $"{name}.blurred", [sum, graph.Constant("density.blur", SquaredBlur)])]);
    }

    private static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        double sum = SquaredBlur;
        for (var i = 0; i < a.Length; i++)
            sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
        return Math.Sqrt(sum);
    }
}

using Latent.Contracts.Recipes;

namespace Latent.Models;

/// <summary>Converts the data's units to the model's: (raw - offset) · factor, feature by feature.</summary>
public sealed class Scaling
{
    /// <summary>Initializes a new instance of the <see cref="Scaling"/> class.</summary>
    /// <param name="offset">The offset, of length 1 or with one value per feature, in the data's units.</param>
    /// <param name="factor">The factor, as long as <paramref name="offset"/>; finite and not 0.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a factor is 0 or not finite.</exception>
    public Scaling(float[] offset, float[] factor)
    {
        if (offset.Length != factor.Length || offset.Length == 0)
        {
            throw new ArgumentException(
                $"A scaling has {offset.Length} offsets and {factor.Length} factors; there must be equally many, at least one.",
                nameof(factor)
            );
        }

        if (!Array.TrueForAll(factor, f => float.IsFinite(f) && f != 0) || !Array.TrueForAll(offset, float.IsFinite))
            throw new ArgumentException("A scaling's offsets and factors must be finite, and no factor may be 0.", nameof(factor));
        Offset = offset;
        Factor = factor;
    }

    /// <summary>Gets the offset that is subtracted first, in the data's units; of length 1, or one value per feature.</summary>
    public float[] Offset { get; }

    /// <summary>Gets the factor that is applied then; as long as <see cref="Offset"/>.</summary>
    public float[] Factor { get; }

    /// <summary>
    /// Makes the scaling of a kind, from the statistics of the training rows. A feature that never changes keeps its unit.
    /// </summary>
    /// <param name="kind">Which scaling.</param>
    /// <param name="rows">Training rows one after the other, in the data's units; used for standard and minMax only.</param>
    /// <param name="features">Number of values of a row.</param>
    /// <exception cref="ArgumentException">The rows are not complete, or there are none although their statistics are needed.</exception>
    public static Scaling For(ScalingKind kind, ReadOnlySpan<float> rows, int features) =>
        kind switch
        {
            ScalingKind.None => new Scaling([0], [1]),
            ScalingKind.Unit => new Scaling([0], [1f / 255]),
            ScalingKind.Standard => Standard(Whole(rows, features), features),
            ScalingKind.MinMax => MinMax(Whole(rows, features), features),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such scaling."),
        };

    private static ReadOnlySpan<float> Whole(ReadOnlySpan<float> rows, int features) =>
        features > 0 && rows.Length > 0 && rows.Length % features == 0
            ? rows
            : throw new ArgumentException($"{rows.Length} values are not one or more rows of {features} features.", nameof(rows));

    private static Scaling Standard(ReadOnlySpan<float> rows, int features)
    {
        var (mean, square) = (new double[features], new double[features]);
        for (var i = 0; i < rows.Length; i++)
            mean[i % features] += rows[i];
        var count = rows.Length / features;
        for (var j = 0; j < features; j++)
            mean[j] /= count;
        for (var i = 0; i < rows.Length; i++)
            square[i % features] += (rows[i] - mean[i % features]) * (rows[i] - mean[i % features]);
        return new Scaling(Array.ConvertAll(mean, m => (float)m), Array.ConvertAll(square, s => Inverse(Math.Sqrt(s / count))));
    }

    private static Scaling MinMax(ReadOnlySpan<float> rows, int features)
    {
        var (min, max) = (rows[..features].ToArray(), rows[..features].ToArray());
        for (var i = features; i < rows.Length; i++)
        {
            var j = i % features;
            (min[j], max[j]) = (Math.Min(min[j], rows[i]), Math.Max(max[j], rows[i]));
        }

        return new Scaling(min, [.. min.Zip(max, (low, high) => Inverse((double)high - low))]);
    }

    private static float Inverse(double spread) =>
        (float)(1 / spread) is var inverse && float.IsFinite(inverse) && inverse != 0 ? inverse : 1;
}

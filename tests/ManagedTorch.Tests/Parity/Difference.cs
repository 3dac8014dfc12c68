namespace Latent.ManagedTorch.Tests.Parity;

/// <summary>How far the managed engine's arrays are from libtorch's.</summary>
/// <param name="ofSums">Whether the numbers are sums of many terms, whose rounding goes with the terms rather than with the sum.</param>
internal sealed class Difference(bool ofSums)
{
    /// <summary>Gets the largest difference of two numbers.</summary>
    public double Absolute { get; private set; }

    /// <summary>
    /// Gets the largest difference relative to libtorch's number or, where that is larger, to the array's root mean square, of which no
    /// more than a fifth counts unless the numbers are sums.
    /// </summary>
    public double Relative { get; private set; }

    /// <summary>Gets where <see cref="Relative"/> is.</summary>
    public string Where { get; private set; } = "";

    /// <summary>Compares a float array.</summary>
    public void Add(string name, float[] expected, float[] actual)
    {
        var squares = expected.Where(float.IsFinite).Select(v => (double)v * v).DefaultIfEmpty(0).Average();
        var least = ofSums ? Math.Sqrt(squares) : Math.Min(0.2, Math.Sqrt(squares));
        for (var i = 0; i < expected.Length; i++)
        {
            if (expected[i] == actual[i] || (float.IsNaN(expected[i]) && float.IsNaN(actual[i])))
                continue;
            var absolute = Math.Abs((double)expected[i] - actual[i]);
            var relative = absolute / Math.Max(Math.Abs(expected[i]), least);
            if (!double.IsFinite(relative))
                (absolute, relative) = (double.PositiveInfinity, double.PositiveInfinity);
            Absolute = Math.Max(Absolute, absolute);
            if (relative <= Relative)
                continue;
            Relative = relative;
            Where = $"{name}[{i}]: libtorch has {expected[i]:g9}, the managed engine {actual[i]:g9}";
        }
    }
}

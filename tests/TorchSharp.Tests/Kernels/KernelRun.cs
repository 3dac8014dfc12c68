using TorchSharp.Kernels;

namespace Latent.Tests.Kernels;

/// <summary>Vector width and thread count are the process's, so these tests run alone.</summary>
[CollectionDefinition("Kernels", DisableParallelization = true)]
public sealed class KernelCollection;

internal static class KernelRun
{
    /// <summary>Runs the check with vectors of every width that the processor has, with one thread and with two.</summary>
    public static void Everywhere(Action check)
    {
        var threads = ThreadTeam.Count;
        try
        {
            foreach (var width in (int[])[512, 256, 128])
            {
                if (width > Simd.Widest) continue;
                Simd.Use(width);
                foreach (var count in (int[])[1, 2])
                {
                    ThreadTeam.Count = count;
                    check();
                }
            }
        }
        finally
        {
            Simd.Use(Simd.Widest);
            ThreadTeam.Count = threads;
        }
    }

    /// <summary>Every element within tolerance * (1 + |expected|), the same infinities and NaN in the same places.</summary>
    public static void Same(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            var rounded = (float)expected[i];
            if (rounded == actual[i] || (float.IsNaN(rounded) && float.IsNaN(actual[i]))) continue;
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance * (1 + Math.Abs(expected[i]))))
                Assert.Fail($"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R} (width {Simd.Width}, {ThreadTeam.Count} threads)");
        }
    }
}

using TorchSharp.Kernels;

namespace Latent.Tests.Kernels;

internal static unsafe class KernelRun
{
    /// <summary>
    /// Runs the check with vectors of every width that the processor has, with one thread and with two; what a kernel rents is full of
    /// NaN, so that nothing may be read before it is written.
    /// </summary>
    public static void Everywhere(Action check)
    {
        var threads = ThreadTeam.Count;
        try
        {
            foreach (var width in (int[])[512, 256, 128])
            {
                if (width > Simd.Widest)
                    continue;
                Simd.Use(width);
                foreach (var count in (int[])[1, 2])
                {
                    ThreadTeam.Count = count;
                    using (var all = new Barrier(count))
                    {
                        var job = new SpoilPool(all);
                        ThreadTeam.Each(count, ref job);
                    }

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
            if (rounded == actual[i] || (float.IsNaN(rounded) && float.IsNaN(actual[i])))
                continue;
            if (!(Math.Abs(expected[i] - actual[i]) <= tolerance * (1 + Math.Abs(expected[i]))))
            {
                Assert.Fail(
                    $"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R} (width {Simd.Width}, {ThreadTeam.Count} threads)"
                );
            }
        }
    }

    /// <summary>Fills blocks of every size up to 256 KiB in the cache of the thread with NaN; a piece for each of the team.</summary>
    private readonly struct SpoilPool(Barrier all) : IRangeJob
    {
        private const int Blocks = 4;

        public void Run(long start, long end)
        {
            Assert.True(all.SignalAndWait(TimeSpan.FromMinutes(1)), "a thread of the team did not come");
            var blocks = stackalloc float*[Blocks];
            for (var bytes = 128L; bytes <= 256 * 1024; bytes += bytes / 8)
            {
                for (var i = 0; i < Blocks; i++)
                    blocks[i] = NativePool.Rent(bytes);
                for (var i = 0; i < Blocks; i++)
                {
                    new Span<float>(blocks[i], (int)(bytes + 64) / sizeof(float)).Fill(float.NaN);
                    NativePool.Return(blocks[i], bytes);
                }
            }
        }
    }
}

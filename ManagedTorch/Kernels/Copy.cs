namespace TorchSharp.Kernels;

/// <summary>Moves of memory: whole, by strides, by rows.</summary>
internal static unsafe class Copy
{
    public static void Contiguous(long n, float* src, float* dst)
    {
        var job = new CopyJob(src, dst);
        ThreadTeam.For(n, 4 * Elementwise.Grain, ref job);
    }

    public static void Fill(long n, float value, float* dst)
    {
        var job = new FillJob(value, dst);
        ThreadTeam.For(n, 4 * Elementwise.Grain, ref job);
    }

    /// <summary>dst[i, :] = src[index[i], :] for count rows of width elements.</summary>
    public static void IndexSelect(long count, long width, long* index, float* src, float* dst)
    {
        var job = new SelectJob(width, index, src, dst);
        ThreadTeam.For(count, Math.Max(1, Elementwise.Grain / Math.Max(1, width)), ref job);
    }

    /// <summary>dst[index[i], :] += src[i, :]; rows may repeat, and are added in their order.</summary>
    public static void ScatterAdd(long count, long width, long* index, float* src, float* dst)
    {
        var job = new ScatterJob(count, width, index, src, dst);
        ThreadTeam.For(width, Math.Max(16, Elementwise.Grain / Math.Max(1, count)), ref job);
    }

    private readonly struct CopyJob(float* src, float* dst) : IRangeJob
    {
        public void Run(long start, long end) =>
            Buffer.MemoryCopy(src + start, dst + start, (end - start) * sizeof(float), (end - start) * sizeof(float));
    }

    private readonly struct FillJob(float value, float* dst) : IRangeJob
    {
        public void Run(long start, long end)
        {
            for (var i = start; i < end; i += 1 << 30)
                new Span<float>(dst + i, (int)Math.Min(1 << 30, end - i)).Fill(value);
        }
    }

    private readonly struct SelectJob(long width, long* index, float* src, float* dst) : IRangeJob
    {
        public void Run(long start, long end)
        {
            for (var i = start; i < end; i++)
                Buffer.MemoryCopy(src + (index[i] * width), dst + (i * width), width * sizeof(float), width * sizeof(float));
        }
    }

    private readonly struct ScatterJob(long count, long width, long* index, float* src, float* dst) : IRangeJob
    {
        public void Run(long start, long end)
        {
            for (var i = 0L; i < count; i++)
            {
                float* from = src + (i * width),
                    to = dst + (index[i] * width);
                for (var j = start; j < end; j++)
                    to[j] += from[j];
            }
        }
    }
}

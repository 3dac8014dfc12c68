namespace TorchSharp.Kernels;

/// <summary>
/// C[m,n] (+)= op(A)[m,k] op(B)[k,n] for row-major matrices with leading dimensions. Every element of C is summed in the same
/// order however the work is split among threads.
/// </summary>
internal static unsafe class Gemm
{
    /// <summary>Multiplications below which a second thread costs more than it brings.</summary>
    private const long WorthAThread = 100_000;

    /// <summary>Multiplications below which a piece costs more than its claim brings.</summary>
    private const long WorthAShare = 500_000;

    /// <summary>Rows below which a piece would use its copy of B too seldom.</summary>
    private const int LeastRows = 48;

    /// <summary>How late a thread is, as a part of its time with one piece.</summary>
    private const double Lateness = 0.1;

    public static void Multiply(
        bool transposeA,
        bool transposeB,
        int m,
        int n,
        int k,
        float* a,
        int lda,
        float* b,
        int ldb,
        float* c,
        int ldc,
        bool accumulate
    ) => MultiplyBias(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, accumulate, null);

    /// <summary>Adds bias[n] to every row; bias may be null.</summary>
    public static void MultiplyBias(
        bool transposeA,
        bool transposeB,
        int m,
        int n,
        int k,
        float* a,
        int lda,
        float* b,
        int ldb,
        float* c,
        int ldc,
        bool accumulate,
        float* bias
    )
    {
        if (m <= 0 || n <= 0)
            return;
        var product = new GemmProduct
        {
            A = a,
            LeadingA = lda,
            TransposeA = transposeA,
            B = b,
            LeadingB = ldb,
            TransposeB = transposeB,
            C = c,
            LeadingC = ldc,
            K = k,
            Accumulate = accumulate,
            Bias = bias,
        };
        var threads = (int)Math.Clamp((long)m * n * k / WorthAThread, 1, ThreadTeam.Count);
        var (down, across) = threads == 1 ? (1, 1) : Grid(product, threads, m, n);
        var job = new Job(product, m, n, down, across);
        ThreadTeam.Each(down * across, ref job);
    }

    /// <summary>
    /// How many pieces down the rows and across the columns: the split that takes the least time. More pieces than threads copy more, but
    /// a thread that is late holds the others up for a part of one piece only.
    /// </summary>
    private static (int Down, int Across) Grid(in GemmProduct product, int threads, int m, int n)
    {
        var best = (Down: 1, Across: 1);
        var least = double.MaxValue;
        var most = Math.Clamp((long)m * n * product.K / WorthAShare / threads, 1, ThreadTeam.Shares);
        for (var shares = 1; shares <= most; shares *= 2)
        {
            for (var down = 1; down <= threads * shares; down++)
            {
                var across = threads * shares / down;
                if (down > m || (across > 1 && across > (n + 15) / 16))
                    continue;
                int rows = (m + down - 1) / down,
                    cols = Align(n, across);
                if (shares > 1 && rows < LeastRows)
                    continue;
                var readA = 4 + (product.PacksA(rows, cols) ? Copying((long)rows * product.K) : 0);
                var readB = Copying((long)cols * product.K) + (product.TransposeB ? 2 : 0);
                var time = (rows + readB) * (cols + readA) * (shares + Lateness);
                if (time < least)
                    (best, least) = ((down, across), time);
            }
        }

        return best;
    }

    /// <summary>What copying A costs in columns of C, and B in rows: more where the copy does not fit the second-level cache.</summary>
    private static double Copying(long floats) => floats <= 128 * 1024 ? 8 : 64;

    private static int Align(int n, int pieces) => pieces == 1 ? n : (((n + pieces - 1) / pieces) + 15) & ~15;

    private readonly struct Job(GemmProduct product, int m, int n, int down, int across) : IRangeJob
    {
        public void Run(long start, long end)
        {
            for (var piece = (int)start; piece < end; piece++)
            {
                var (i, j) = Math.DivRem(piece, across);
                var rows = (m + down - 1) / down;
                var cols = Align(n, across);
                var (top, left) = (i * rows, j * cols);
                var (height, width) = (Math.Min(rows, m - top), Math.Min(cols, n - left));
                if (height <= 0 || width <= 0)
                    continue;
                if (Simd.Width == 512)
                    product.Run<V512>(top, height, left, width);
                else if (Simd.Width == 256)
                    product.Run<V256>(top, height, left, width);
                else
                    product.Run<V128>(top, height, left, width);
            }
        }
    }
}

namespace TorchSharp.Kernels;

/// <summary>C[m,n] (+)= op(A)[m,k] op(B)[k,n] for row-major matrices with leading dimensions.</summary>
internal static unsafe class Gemm
{
    public static void Multiply(bool transposeA, bool transposeB, int m, int n, int k, float* a, int lda, float* b, int ldb, float* c, int ldc, bool accumulate) =>
        MultiplyBias(transposeA, transposeB, m, n, k, a, lda, b, ldb, c, ldc, accumulate, null);

    public static void MultiplyBias(
        bool transposeA, bool transposeB, int m, int n, int k, float* a, int lda, float* b, int ldb, float* c, int ldc, bool accumulate, float* bias)
    {
        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                var sum = (accumulate ? c[((long)i * ldc) + j] : 0) + (bias == null ? 0 : bias[j]);
                for (var p = 0; p < k; p++)
                {
                    sum += a[transposeA ? ((long)p * lda) + i : ((long)i * lda) + p] * b[transposeB ? ((long)j * ldb) + p : ((long)p * ldb) + j];
                }
                c[((long)i * ldc) + j] = sum;
            }
        }
    }
}

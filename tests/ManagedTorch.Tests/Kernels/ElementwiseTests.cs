using TorchSharp.Kernels;

namespace Latent.Tests.Kernels;

public sealed unsafe class ElementwiseTests
{
    private static readonly float[] _edges =
    [
        0f,
        -0f,
        1f,
        -1f,
        0.5f,
        -0.5f,
        1e-45f,
        -1e-45f,
        1e-39f,
        -1e-39f,
        1e-30f,
        1e-7f,
        -1e-7f,
        3e-4f,
        -3e-4f,
        0.3f,
        -0.3f,
        0.92f,
        0.94f,
        5f,
        -5f,
        9f,
        -9f,
        17f,
        -17f,
        20.5f,
        87f,
        -87f,
        88.6f,
        88.8f,
        -88f,
        -100f,
        -103f,
        -104f,
        89f,
        1e4f,
        -1e4f,
        1e9f,
        -1e9f,
        1e20f,
        3e38f,
        -3e38f,
        float.PositiveInfinity,
        float.NegativeInfinity,
        float.NaN,
        0.70710677f,
        0.7071068f,
        1.4142135f,
        0.99999994f,
        1.0000001f,
    ];

    [Fact]
    public void Exponentials_and_logarithms_are_true_to_a_few_units_in_the_last_place()
    {
        Check<ExpOp>(Math.Exp, 3e-7);
        Check<LogOp>(Math.Log, 3e-7);
        Check<SigmoidOp>(x => 1 / (1 + Math.Exp(-x)), 4e-7, absolute: 1e-38);
        Check<TanhOp>(Math.Tanh, 5e-7);
    }

    [Fact]
    public void Activations_agree_with_their_definitions()
    {
        Check(new SoftplusOp(1, 20), x => x > 20 ? x : Log1p(Math.Exp(x)), 5e-7, absolute: 1.2e-38);
        Check(new SoftplusOp(2, 20), x => x * 2 > 20 ? x : Log1p(Math.Exp(2 * x)) / 2, 5e-7, absolute: 1.2e-38);
        Check<ReluOp>(x => double.IsNaN(x) ? x : Math.Max(x, 0), 0);
        Check(new LeakyReluOp(0.01f), x => x > 0 ? x : x * 0.01f, 1e-7);
        Check(new EluOp(1.5f), x => x > 0 ? x : 1.5 * Expm1(x), 5e-7);
        Check<GeluOp>(x => x == double.NegativeInfinity ? double.NaN : 0.5 * x * (1 + Erf(x * Math.Sqrt(0.5))), 1e-6, absolute: 2e-6);
        Check<SiluOp>(x => x == double.NegativeInfinity ? double.NaN : x / (1 + Math.Exp(-x)), 1e-6, absolute: 1e-36);
    }

    [Fact]
    public void Arithmetic_is_exact_or_rounded_once()
    {
        Check<NegateOp>(x => -x, 0);
        Check<SqrtOp>(Math.Sqrt, 1e-7);
        Check<SquareOp>(x => x * x, 1e-7);
        Check<CubeOp>(x => x * x * x, 2e-7, absolute: 1e-44);
        Check<ReciprocalOp>(x => 1 / x, 1e-7);
        Check<FloorOp>(Math.Floor, 0);
        Check<RoundOp>(x => Math.Round(x, MidpointRounding.ToEven), 0);
        Check(new AffineOp(3, -1), x => (3 * x) - 1, 4e-7, absolute: 2e-7);
        Check(new ClampOp(-0.5f, 2), x => double.IsNaN(x) ? x : Math.Clamp(x, -0.5, 2), 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(37)]
    [InlineData(8191)]
    [InlineData(20011)]
    public void Binary_operations_pair_their_operands(int n) =>
        KernelRun.Everywhere(() =>
        {
            var random = new Random(n);
            using Guarded a = new(n, random),
                b = new(n, random, 0.5f, 2),
                y = new(n);
            Both<AddOp>((p, q) => p + q);
            Both<SubtractOp>((p, q) => p - q);
            Both<MultiplyOp>((p, q) => p * q);
            Both<DivideOp>((p, q) => p / q);
            Both((p, q) => q - p, new Swapped<SubtractOp>(default));

            void Both<TOp>(Func<double, double, double> f, TOp op = default)
                where TOp : struct, IBinary
            {
                Elementwise.Binary(n, a, b, y, op);
                KernelRun.Same(Expected(n, i => f(a[i], b[i])), y.Span, 2e-7, typeof(TOp).Name);
                Elementwise.BinaryScalar(n, a, 1.5f, y, op);
                KernelRun.Same(Expected(n, i => f(a[i], 1.5)), y.Span, 2e-7, typeof(TOp).Name);
            }
        });

    [Fact]
    public void A_power_follows_the_rules_of_pow() =>
        KernelRun.Everywhere(() =>
        {
            float[] bases = [2, -2, 0, -0f, 1, 0.5f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, 1e-40f, 10, 3];
            float[] powers = [0, 1, 2, -1, 0.5f, 3, -3, float.PositiveInfinity, float.NaN, 2.5f, 38, -40];
            using Guarded y = new(bases.Length),
                a = new(bases);
            foreach (var power in powers)
            {
                Elementwise.BinaryScalar<PowOp>(bases.Length, a, power, y);
                var expected = Array.ConvertAll(bases, b => Math.Pow(b, power));
                for (var i = 0; i < bases.Length; i++)
                {
                    if ((float)expected[i] != y[i] && !(float.IsNaN(y[i]) && double.IsNaN(expected[i])))
                    {
                        Assert.True(
                            Math.Abs(y[i] - expected[i]) <= 2e-7 * Math.Abs(expected[i]),
                            $"{bases[i]}^{power} is {y[i]}, expected {expected[i]}"
                        );
                    }
                }
            }
        });

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 17)]
    [InlineData(100, 500)]
    [InlineData(20000, 3)]
    [InlineData(0, 5)]
    public void Rows_and_columns_are_broadcast(int rows, int cols) =>
        KernelRun.Everywhere(() =>
        {
            var random = new Random(1);
            using Guarded a = new(rows * cols, random),
                row = new(cols, random),
                column = new(rows, random),
                y = new(rows * cols);
            Elementwise.BinaryRow<SubtractOp>(rows, cols, a, row, y);
            KernelRun.Same(Expected(rows * cols, i => (double)a[i] - row[i % cols]), y.Span, 1e-7, "row");
            Elementwise.BinaryColumn<SubtractOp>(rows, cols, a, rows, column, y);
            KernelRun.Same(Expected(rows * cols, i => (double)a[i] - column[i / cols]), y.Span, 1e-7, "column");
            var channels = Math.Max(1, rows / 3);
            Elementwise.BinaryColumn<SubtractOp>(rows, cols, a, channels, column, y);
            KernelRun.Same(Expected(rows * cols, i => (double)a[i] - column[i / cols % channels]), y.Span, 1e-7, "channels");
        });

    [Fact]
    public void Gradients_agree_with_differences_of_the_forward_operation()
    {
        FromInput<SoftplusOp, SoftplusBackwardOp>(new(2, 20), new(2, 20));
        FromInput<LeakyReluOp, LeakyReluBackwardOp>(new(0.1f), new(0.1f));
        FromInput<EluOp, EluBackwardOp>(new(1.5f), new(1.5f));
        FromInput<GeluOp, GeluBackwardOp>();
        FromInput<SiluOp, SiluBackwardOp>();
        FromInput<SquareOp, SquareBackwardOp>();
        FromInput<ReluOp, ReluBackwardOp>();
        FromInput<ClampOp, ClampBackwardOp>(new(-0.5f, 0.7f), new(-0.5f, 0.7f));
        FromOutput<SigmoidOp, SigmoidBackwardOp>();
        FromOutput<TanhOp, TanhBackwardOp>();
        FromOutput<ReluOp, ReluBackwardOp>();
        FromOutput<SqrtOp, SqrtBackwardOp>(low: 0.3f);

        static void FromInput<TOp, TBack>(TOp op = default, TBack back = default, float low = -3)
            where TOp : struct, IUnary
            where TBack : struct, IBinary => Gradient(false, op, back, low);

        static void FromOutput<TOp, TBack>(TOp op = default, TBack back = default, float low = -3)
            where TOp : struct, IUnary
            where TBack : struct, IBinary => Gradient(true, op, back, low);
    }

    [Fact]
    public void Comparisons_give_bytes() =>
        KernelRun.Everywhere(() =>
        {
            float[] left = [1, 2, 3, float.NaN, -0f, 5, 6, 7, 8, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1],
                right = [2, 2, 2, 2, 0, 5, 4, 8, 8, 8, 0, 1, 2, 0, 1, 2, 0, 1, 2];
            var n = left.Length;
            using Guarded a = new(left),
                b = new(right);
            var bytes = new byte[n];
            Check<LessOp>((p, q) => p < q);
            Check<LessOrEqualOp>((p, q) => p <= q);
            Check<GreaterOrEqualOp>((p, q) => p >= q);

            void Check<TOp>(Func<float, float, bool> f)
                where TOp : struct, IComparison
            {
                fixed (byte* q = bytes)
                {
                    Compare.Scalar<TOp>(n, a, 2, q);
                    for (var i = 0; i < n; i++)
                        Assert.Equal(f(left[i], 2), bytes[i] == 1);
                    Compare.Binary<TOp>(n, a, b, q);
                    for (var i = 0; i < n; i++)
                        Assert.Equal(f(left[i], right[i]), bytes[i] == 1);
                }
            }
        });

    private static void Gradient<TOp, TBack>(bool output, TOp op, TBack back, float low)
        where TOp : struct, IUnary
        where TBack : struct, IBinary =>
        KernelRun.Everywhere(() =>
        {
            const int N = 301;
            const float Step = 1e-2f;
            var random = new Random(3);
            using Guarded x = new(N, random, low, 3),
                dy = new(N, random),
                up = new(N),
                down = new(N),
                y = new(N),
                dx = new(N);
            for (var i = 0; i < N; i++)
                (up.Span[i], down.Span[i]) = (x[i] + Step, x[i] - Step);
            Elementwise.Unary(N, x, y, op);
            Elementwise.Unary(N, up, up, op);
            Elementwise.Unary(N, down, down, op);
            Elementwise.Binary(N, dy, output ? y : x, dx, back);
            for (var i = 0; i < N; i++)
            {
                if (Math.Abs(x[i]) < 2 * Step || Math.Abs(x[i] + 0.5f) < 2 * Step || Math.Abs(x[i] - 0.7f) < 2 * Step)
                    continue;
                Assert.Equal(dy[i] * (up[i] - down[i]) / (2 * Step), dx[i], 5e-3f * (1 + Math.Abs(dx[i])));
            }
        });

    private static void Check<TOp>(Func<double, double> f, double tolerance, double absolute = 0)
        where TOp : struct, IUnary => Check(default(TOp), f, tolerance, absolute);

    private static void Check<TOp>(TOp op, Func<double, double> f, double tolerance, double absolute = 0)
        where TOp : struct, IUnary =>
        KernelRun.Everywhere(() =>
        {
            var random = new Random(7);
            var values = _edges.ToList();
            for (var i = 0; i < 3000; i++)
                values.Add((float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 3))));
            for (var i = 0; i < 6000; i++)
                values.Add((float)((random.NextDouble() * 16) - 8));
            using Guarded x = new(values.ToArray()),
                y = new(values.Count);
            Elementwise.Unary(values.Count, x, y, op);
            for (var i = 0; i < values.Count; i++)
            {
                var expected = f(values[i]);
                if ((float)expected == y[i] || (double.IsNaN(expected) && float.IsNaN(y[i])))
                    continue;
                var allowed = (tolerance * Math.Abs(expected)) + absolute + (Math.Abs(expected) < 1.2e-38 ? 3e-45 : 0);
                Assert.True(
                    Math.Abs(y[i] - expected) <= allowed,
                    $"{typeof(TOp).Name}({values[i]:R}) is {y[i]:R}, expected {expected:R} (width {Simd.Width})"
                );
            }
        });

    private static double[] Expected(int n, Func<int, double> f) => [.. Enumerable.Range(0, n).Select(f)];

    private static double Log1p(double x) => Math.Abs(x) < 1e-5 ? x - (x * x / 2) + (x * x * x / 3) : Math.Log(1 + x);

    private static double Expm1(double x) =>
        Math.Abs(x) < 1e-3 ? x + (x * x / 2) + (x * x * x / 6) + (x * x * x * x / 24) : Math.Exp(x) - 1;

    /// <summary>The series for small x, the continued fraction for large.</summary>
    private static double Erf(double x)
    {
        if (double.IsNaN(x))
            return x;
        var t = Math.Abs(x);
        if (t > 6)
            return Math.Sign(x);
        if (t < 3)
        {
            double term = t,
                sum = t;
            for (var n = 1; n < 120; n++)
            {
                term *= -t * t / n;
                sum += term / ((2 * n) + 1);
            }

            return Math.CopySign(sum * 2 / Math.Sqrt(Math.PI), x);
        }

        var fraction = t;
        for (var k = 80; k > 0; k--)
            fraction = t + (k / 2.0 / fraction);
        return Math.CopySign(1 - (Math.Exp(-t * t) / (fraction * Math.Sqrt(Math.PI))), x);
    }
}

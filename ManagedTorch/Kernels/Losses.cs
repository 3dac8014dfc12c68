using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>
/// Losses: the sum over all elements, the values one by one, and gradients of either. x is the prediction, t the target.
/// A mean is the sum divided by n, and its gradient the sum's with scale = dy / n.
/// </summary>
internal static unsafe class Losses
{
    public static double BinaryCrossEntropyWithLogits(long n, float* x, float* t) => BlockSum.Binary<LogitsLossOp>(n, x, t);

    public static void BinaryCrossEntropyWithLogits(long n, float* x, float* t, float* y) => Elementwise.Binary<LogitsLossOp>(n, x, t, y);

    public static void BinaryCrossEntropyWithLogitsBackward(long n, float* x, float* t, float scale, float* dx) =>
        Elementwise.Binary(n, x, t, dx, new LogitsSumBackwardOp(scale));

    public static void BinaryCrossEntropyWithLogitsBackward(long n, float* x, float* t, float* dy, float* dx) =>
        Elementwise.Ternary<LogitsBackwardOp>(n, x, t, dy, dx);

    public static double MeanSquaredError(long n, float* x, float* t) => BlockSum.Binary<SquaredErrorOp>(n, x, t);

    public static void MeanSquaredError(long n, float* x, float* t, float* y) => Elementwise.Binary<SquaredErrorOp>(n, x, t, y);

    public static void MeanSquaredErrorBackward(long n, float* x, float* t, float scale, float* dx) =>
        Elementwise.Binary(n, x, t, dx, new SquaredErrorSumBackwardOp(scale));

    public static void MeanSquaredErrorBackward(long n, float* x, float* t, float* dy, float* dx) =>
        Elementwise.Ternary<SquaredErrorBackwardOp>(n, x, t, dy, dx);
}

/// <summary>-t log s(x) - (1 - t) log(1 - s(x)) = max(x, 0) - x t + log(1 + exp(-|x|)).</summary>
internal readonly struct LogitsLossOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x, V t)
        where V : struct, IVector<V> => V.Max(x, V.Create(0f)) - (x * t) + VectorMath.SoftplusOfNegative(V.Abs(x));
}

internal readonly struct LogitsSumBackwardOp(float scale) : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x, V t)
        where V : struct, IVector<V> => (VectorMath.Sigmoid(x) - t) * V.Create(scale);
}

internal readonly struct LogitsBackwardOp : ITernary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x, V t, V dy)
        where V : struct, IVector<V> => (VectorMath.Sigmoid(x) - t) * dy;
}

internal readonly struct SquaredErrorOp : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x, V t)
        where V : struct, IVector<V> => (x - t) * (x - t);
}

internal readonly struct SquaredErrorSumBackwardOp(float scale) : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x, V t)
        where V : struct, IVector<V> => (x - t) * V.Create(2 * scale);
}

internal readonly struct SquaredErrorBackwardOp : ITernary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Invoke<V>(V x, V t, V dy)
        where V : struct, IVector<V> => (x - t) * V.Create(2f) * dy;
}

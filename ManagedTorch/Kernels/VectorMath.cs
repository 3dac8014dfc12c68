using System.Runtime.CompilerServices;

namespace TorchSharp.Kernels;

/// <summary>
/// Elementary functions, within about 1e-6 relative (mostly within 2 ulp) of the true value, right at infinities, NaN and subnormals.
/// </summary>
internal static class VectorMath
{
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x)
        where V : struct, IVector<V>
    {
        var r = Reduce(V.MinNative(V.Create(90f), V.MaxNative(V.Create(-106f), x)), out var n);
        return V.Scale(PowerSeries(r) + V.Create(1f), n);
    }

    /// <summary>exp(x) - 1 without cancellation.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Expm1<V>(V x)
        where V : struct, IVector<V>
    {
        var p = PowerSeries(Reduce(V.MinNative(V.Create(90f), V.MaxNative(V.Create(-20f), x)), out var n));
        // 2^n (e^r - 1) + (2^n - 1), with 2^n taken out because it may be out of range.
        var result = V.Scale(p + (V.Create(1f) - V.Scale(V.Create(1f), V.Create(0f) - n)), n);
        // r itself where nothing was taken away, which keeps the sign of zero and subnormals.
        return V.Select(V.Less(V.Abs(x), V.Create(1e-30f)), x, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V>(V x)
        where V : struct, IVector<V>
    {
        var small = V.Less(x, V.Create(1.17549435e-38f));
        var m = V.Select(small, x * V.Create(8388608f), x);
        // m = 2^e * z with z in [sqrt(1/2), sqrt(2))
        var e = V.ExponentDifference(m, V.Create(0.70710677f));
        var f = V.LowerExponent(m, e) - V.Create(1f);
        e = V.Select(small, e - V.Create(23f), e);
        var s = f * f;
        var p = V.MultiplyAdd(V.Create(7.0376836292e-2f), f, V.Create(-1.1514610310e-1f));
        p = V.MultiplyAdd(p, f, V.Create(1.1676998740e-1f));
        p = V.MultiplyAdd(p, f, V.Create(-1.2420140846e-1f));
        p = V.MultiplyAdd(p, f, V.Create(1.4249322787e-1f));
        p = V.MultiplyAdd(p, f, V.Create(-1.6668057665e-1f));
        p = V.MultiplyAdd(p, f, V.Create(2.0000714765e-1f));
        p = V.MultiplyAdd(p, f, V.Create(-2.4999993993e-1f));
        p = V.MultiplyAdd(p, f, V.Create(3.3333331174e-1f));
        var y = p * f * s;
        y = V.MultiplyAdd(e, V.Create(Ln2Low), y);
        y = V.MultiplyAdd(s, V.Create(-0.5f), y);
        var result = V.MultiplyAdd(e, V.Create(Ln2High), f + y);
        result = V.Select(V.Less(x, V.Create(float.PositiveInfinity)), result, x);
        result = V.Select(V.Equal(x, V.Create(0f)), V.Create(float.NegativeInfinity), result);
        return V.Select(V.Less(x, V.Create(0f)), V.Create(float.NaN), result);
    }

    /// <summary>1 / (1 + exp(-x)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x)
        where V : struct, IVector<V> => V.Create(1f) / (V.Create(1f) + Exp(V.Create(0f) - x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x)
        where V : struct, IVector<V>
    {
        var sign = x & V.Create(-0f);
        var p = PowerSeries(Reduce(V.MinNative(V.Create(20f), V.Abs(x) * V.Create(2f)), out var n));
        // Expm1 of what is neither negative nor large: exponents stay in range.
        var t = V.LowerExponent(p + (V.Create(1f) - V.LowerExponent(V.Create(1f), n)), V.Create(0f) - n);
        return (t / (t + V.Create(2f))) | sign;
    }

    /// <summary>log(1 + exp(x)), for |x| of any size; 0 where it would be subnormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Softplus<V>(V x)
        where V : struct, IVector<V> => V.Max(x, V.Create(0f)) + SoftplusOfNegative(V.Abs(x));

    /// <summary>log(1 + exp(-x)) for x of 0 and above; 0 where it would be subnormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SoftplusOfNegative<V>(V x)
        where V : struct, IVector<V>
    {
        var r = Reduce(V.Create(0f) - V.MinNative(V.Create(87.33f), x), out var n);
        var e = V.LowerExponent(PowerSeries(r) + V.Create(1f), V.Create(0f) - n);
        // log(1 + e) = 2 atanh(s), a polynomial in s^2 (least greatest relative error on [0, 1/9] by Chebyshev interpolation: 4e-9).
        var s = e / (e + V.Create(2f));
        var z = s * s;
        var p = V.MultiplyAdd(V.Create(0.14087328f), z, V.Create(0.13980709f));
        p = V.MultiplyAdd(p, z, V.Create(0.20012426f));
        p = V.MultiplyAdd(p, z, V.Create(0.33333158f));
        var result = V.MultiplyAdd(p * z, s, s);
        return V.Select(V.Less(V.Create(87.33f), x), V.Create(0f), result + result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V>(V x)
        where V : struct, IVector<V>
    {
        var t = V.MinNative(V.Create(10f), V.Abs(x));
        var s = x * x;
        var small = V.MultiplyAdd(V.Create(-5.96761703e-4f), s, V.Create(4.99119423e-3f));
        small = V.MultiplyAdd(small, s, V.Create(-2.67681349e-2f));
        small = V.MultiplyAdd(small, s, V.Create(1.12819925e-1f));
        small = V.MultiplyAdd(small, s, V.Create(-3.76125336e-1f));
        small = V.MultiplyAdd(small, s, V.Create(1.28379166e-1f));
        small = V.MultiplyAdd(small, x, x);
        s = t * t;
        var large = V.MultiplyAdd(V.Create(-1.72853470e-5f), t, V.Create(3.83197126e-4f));
        var u = V.MultiplyAdd(V.Create(-3.88396438e-3f), t, V.Create(2.42546219e-2f));
        large = V.MultiplyAdd(large, s, u);
        large = V.MultiplyAdd(large, t, V.Create(-1.06777877e-1f));
        large = V.MultiplyAdd(large, t, V.Create(-6.34846687e-1f));
        large = V.MultiplyAdd(large, t, V.Create(-1.28717512e-1f));
        large = V.MultiplyAdd(large, t, V.Create(0f) - t);
        large = (V.Create(1f) - Exp(large)) | (x & V.Create(-0f));
        return V.Select(V.LessOrEqual(V.Abs(x), V.Create(0.927734375f)), small, large);
    }

    /// <summary>x as n ln 2 + r with |r| of at most ln 2 / 2, for x whose e^x a float can nearly hold.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Reduce<V>(V x, out V n)
        where V : struct, IVector<V>
    {
        n = V.Round(x * V.Create(Log2E));
        return V.MultiplyAdd(n, V.Create(-Ln2Low), V.MultiplyAdd(n, V.Create(-Ln2High), x));
    }

    /// <summary>e^r - 1 for |r| of at most ln 2 / 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V PowerSeries<V>(V r)
        where V : struct, IVector<V>
    {
        var p = V.MultiplyAdd(V.Create(1.9875691500e-4f), r, V.Create(1.3981999507e-3f));
        p = V.MultiplyAdd(p, r, V.Create(8.3334519073e-3f));
        p = V.MultiplyAdd(p, r, V.Create(4.1665795894e-2f));
        p = V.MultiplyAdd(p, r, V.Create(1.6666665459e-1f));
        p = V.MultiplyAdd(p, r, V.Create(5.0000001201e-1f));
        return V.MultiplyAdd(p, r * r, r);
    }
}

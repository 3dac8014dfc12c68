using System.Numerics;

namespace TorchSharp;

internal readonly struct AddNumbers : INumbers
{
    public static T Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T> => a + b;
}

/// <summary>What was there is overwritten.</summary>
internal readonly struct LastNumbers : INumbers
{
    public static T Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T> => b;
}

internal readonly struct SubtractNumbers : INumbers
{
    public static T Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T> => a - b;
}

internal readonly struct MultiplyNumbers : INumbers
{
    public static T Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T> => a * b;
}

internal readonly struct DivideNumbers : INumbers
{
    public static T Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T> => a / b;
}

/// <summary>The quotient rounded towards negative infinity.</summary>
internal readonly struct FloorDivideNumbers : INumbers
{
    public static T Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float))
            return T.CreateTruncating(Floor(float.CreateTruncating(a), float.CreateTruncating(b)));
        if (typeof(T) == typeof(double))
            return T.CreateTruncating(Floor(double.CreateTruncating(a), double.CreateTruncating(b)));
        if (b == T.Zero)
            throw TorchErrors.Error("An integer was divided by zero.");
        var quotient = a / b;
        return quotient * b != a && T.IsNegative(a) != T.IsNegative(b) ? quotient - T.One : quotient;
    }

    /// <summary>How often b goes into a: the rounded quotient of the two can be one too many, as 1 / 0.1 is.</summary>
    private static T Floor<T>(T a, T b)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (b == T.Zero)
            return a / b;
        var rest = a % b;
        var whole = (a - rest) / b;
        if (rest != T.Zero && rest < T.Zero != b < T.Zero)
            whole -= T.One;
        return whole == T.Zero ? T.CopySign(T.Zero, a / b) : T.Round(whole);
    }
}

/// <summary>The quotient with its fraction cut off.</summary>
internal readonly struct TruncatedDivideNumbers : INumbers
{
    public static T Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T>
    {
        if (typeof(T) == typeof(float))
            return T.CreateTruncating(MathF.Truncate(float.CreateTruncating(a) / float.CreateTruncating(b)));
        if (typeof(T) == typeof(double))
            return T.CreateTruncating(Math.Truncate(double.CreateTruncating(a) / double.CreateTruncating(b)));
        return b == T.Zero ? throw TorchErrors.Error("An integer was divided by zero.") : a / b;
    }
}

/// <summary>What is left of a, with the sign of b.</summary>
internal readonly struct RemainderNumbers : INumbers
{
    public static T Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T>
    {
        if (b == T.Zero && typeof(T) != typeof(float) && typeof(T) != typeof(double))
            throw TorchErrors.Error("An integer was divided by zero.");
        var rest = a % b;
        return rest != T.Zero && T.IsNegative(rest) != T.IsNegative(b) ? rest + b : rest;
    }
}

/// <summary>The power of an integer; of negative ones, that of 1 and -1 is whole, and the others' is cut off to 0.</summary>
internal readonly struct PowerNumbers : INumbers
{
    public static T Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T>
    {
        var exponent = long.CreateTruncating(b);
        if (exponent < 0)
            return a == T.One || a == -T.One ? (exponent % 2 == 0 ? T.One : a) : T.Zero;
        var power = T.One;
        for (; exponent > 0; exponent >>= 1, a *= a)
            power *= (exponent & 1) == 1 ? a : T.One;
        return power;
    }
}

internal readonly struct MaximumNumbers : INumbers
{
    public static T Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T> => T.Max(a, b);
}

internal readonly struct MinimumNumbers : INumbers
{
    public static T Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T> => T.Min(a, b);
}

internal readonly struct AndNumbers : INumbers
{
    public static T Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T> => a != T.Zero && b != T.Zero ? T.One : T.Zero;
}

internal readonly struct OrNumbers : INumbers
{
    public static T Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T> => a != T.Zero || b != T.Zero ? T.One : T.Zero;
}

internal readonly struct XorNumbers : INumbers
{
    public static T Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T> => (a != T.Zero) != (b != T.Zero) ? T.One : T.Zero;
}

internal readonly struct EqualNumbers : INumberComparison
{
    public static bool Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T> => a == b;
}

internal readonly struct NotEqualNumbers : INumberComparison
{
    public static bool Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T> => a != b;
}

internal readonly struct LessNumbers : INumberComparison
{
    public static bool Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T> => a < b;
}

internal readonly struct LessOrEqualNumbers : INumberComparison
{
    public static bool Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T> => a <= b;
}

internal readonly struct GreaterNumbers : INumberComparison
{
    public static bool Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T> => a > b;
}

internal readonly struct GreaterOrEqualNumbers : INumberComparison
{
    public static bool Invoke<T>(T a, T b)
        where T : unmanaged, INumber<T> => a >= b;
}

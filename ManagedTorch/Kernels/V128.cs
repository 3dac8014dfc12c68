using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>4 floats.</summary>
internal unsafe struct V128(Vector128<float> value) : IVector<V128>
{
    public Vector128<float> Value = value;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Create(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 CreateBits(int bits) => new(Vector128.Create(bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Load(float* p) => new(Vector128.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 LoadPartial(float* p, int count) =>
        count switch
        {
            0 => default,
            1 => new(Vector128.CreateScalar(p[0])),
            2 => new(Vector128.Create(p[0], p[1], 0, 0)),
            3 => new(Vector128.Create(p[0], p[1], p[2], 0)),
            _ => Load(p),
        };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* p, V128 x) => x.Value.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(float* p, V128 x, int count)
    {
        if (count >= Count)
        {
            Store(p, x);
        }
        else
        {
            for (var i = 0; i < count; i++)
                p[i] = x.Value.GetElement(i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(V128 mask) => (uint)mask.Value.ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator +(V128 a, V128 b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator -(V128 a, V128 b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator *(V128 a, V128 b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator /(V128 a, V128 b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator &(V128 a, V128 b) => new(a.Value & b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator |(V128 a, V128 b) => new(a.Value | b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator ^(V128 a, V128 b) => new(a.Value ^ b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 MultiplyAdd(V128 a, V128 b, V128 c) => new(Vector128.MultiplyAddEstimate(a.Value, b.Value, c.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref V128 sum, V128 a, V128 b) => sum.Value = Vector128.MultiplyAddEstimate(a.Value, b.Value, sum.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Sqrt(V128 x) => new(Vector128.Sqrt(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Abs(V128 x) => new(Vector128.Abs(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Max(V128 a, V128 b) => new(Vector128.Max(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Min(V128 a, V128 b) => new(Vector128.Min(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 MaxNative(V128 a, V128 b) => new(Vector128.MaxNative(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 MinNative(V128 a, V128 b) => new(Vector128.MinNative(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Round(V128 x) => new(Vector128.Round(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Floor(V128 x) => new(Vector128.Floor(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Less(V128 a, V128 b) => new(Vector128.LessThan(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 LessOrEqual(V128 a, V128 b) => new(Vector128.LessThanOrEqual(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Equal(V128 a, V128 b) => new(Vector128.Equals(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Select(V128 mask, V128 yes, V128 no) => new(Vector128.ConditionalSelect(mask.Value, yes.Value, no.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Scale(V128 x, V128 n)
    {
        // In two halves, since 2^n itself may be out of range where the product isn't.
        var whole = Vector128.ConvertToInt32(n.Value);
        var half = Vector128.ShiftRightArithmetic(whole, 1);
        return new(x.Value * Power(half) * Power(whole - half));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 ExponentDifference(V128 x, V128 y) =>
        new(Vector128.ConvertToSingle(Vector128.ShiftRightArithmetic(x.Value.AsInt32() - y.Value.AsInt32(), 23)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 LowerExponent(V128 x, V128 n) =>
        new((x.Value.AsInt32() - Vector128.ShiftLeft(Vector128.ConvertToInt32(n.Value), 23)).AsSingle());

    public static V128 LoadLanes(float* p, V128 mask)
    {
        var bits = Bits(mask);
        if (bits == 15)
            return Load(p);
        return new(
            Vector128.Create((bits & 1) != 0 ? p[0] : 0, (bits & 2) != 0 ? p[1] : 0, (bits & 4) != 0 ? p[2] : 0, (bits & 8) != 0 ? p[3] : 0)
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Lanes(int first, int last) =>
        new(
            (
                Vector128.GreaterThanOrEqual(Vector128<int>.Indices, Vector128.Create(first))
                & Vector128.LessThan(Vector128<int>.Indices, Vector128.Create(last))
            ).AsSingle()
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V128 x) => Vector128.Sum(x.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(float* to, V128 a, V128 b)
    {
        UnpackLow(a, b).Value.Store(to);
        UnpackHigh(a, b).Value.Store(to + Count);
    }

    public static void StoreEvens(float* to, float* from, int count, bool more)
    {
        for (var n = 0; n < count; n++)
            to[2 * n] = from[n];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 LoadQuads(float* p, nint stride) => Load(p);

    /// <summary>a0 a2 b0 b2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Evens(V128 a, V128 b) =>
        Sse.IsSupported ? new(Sse.Shuffle(a.Value, b.Value, 0x88)) : new(Vector128.Create(a.Value[0], a.Value[2], b.Value[0], b.Value[2]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 UnpackLow(V128 a, V128 b) =>
        Sse.IsSupported ? new(Sse.UnpackLow(a.Value, b.Value)) : new(Vector128.Create(a.Value[0], b.Value[0], a.Value[1], b.Value[1]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 UnpackHigh(V128 a, V128 b) =>
        Sse.IsSupported ? new(Sse.UnpackHigh(a.Value, b.Value)) : new(Vector128.Create(a.Value[2], b.Value[2], a.Value[3], b.Value[3]));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 MoveLow(V128 a, V128 b) =>
        Sse.IsSupported ? new(Sse.MoveLowToHigh(a.Value, b.Value)) : new(Vector128.Create(a.Value.GetLower(), b.Value.GetLower()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 MoveHigh(V128 a, V128 b) =>
        Sse.IsSupported ? new(Sse.MoveHighToLow(b.Value, a.Value)) : new(Vector128.Create(a.Value.GetUpper(), b.Value.GetUpper()));

    public static V128 Pow(V128 x, V128 y)
    {
        var result = x.Value;
        for (var i = 0; i < Count; i++)
            result = result.WithElement(i, MathF.Pow(x.Value.GetElement(i), y.Value.GetElement(i)));
        return new(result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Power(Vector128<int> n) => Vector128.ShiftLeft(n + Vector128.Create(127), 23).AsSingle();
}

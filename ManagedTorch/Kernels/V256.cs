using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>8 floats.</summary>
internal unsafe struct V256(Vector256<float> value) : IVector<V256>
{
    public Vector256<float> Value = value;

    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Create(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 CreateBits(int bits) => new(Vector256.Create(bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Load(float* p) => new(Vector256.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 LoadPartial(float* p, int count) => new(Avx.MaskLoad(p, Mask(count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* p, V256 x) => x.Value.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(float* p, V256 x, int count) => Avx.MaskStore(p, Mask(count), x.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(V256 mask) => (uint)mask.Value.ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator +(V256 a, V256 b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator -(V256 a, V256 b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator *(V256 a, V256 b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator /(V256 a, V256 b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator &(V256 a, V256 b) => new(a.Value & b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator |(V256 a, V256 b) => new(a.Value | b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator ^(V256 a, V256 b) => new(a.Value ^ b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 MultiplyAdd(V256 a, V256 b, V256 c) => new(Vector256.MultiplyAddEstimate(a.Value, b.Value, c.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref V256 sum, V256 a, V256 b) => sum.Value = Vector256.MultiplyAddEstimate(a.Value, b.Value, sum.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Sqrt(V256 x) => new(Vector256.Sqrt(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Abs(V256 x) => new(Vector256.Abs(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Max(V256 a, V256 b) => new(Vector256.Max(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Min(V256 a, V256 b) => new(Vector256.Min(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 MaxNative(V256 a, V256 b) => new(Vector256.MaxNative(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 MinNative(V256 a, V256 b) => new(Vector256.MinNative(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Round(V256 x) => new(Vector256.Round(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Floor(V256 x) => new(Vector256.Floor(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Less(V256 a, V256 b) => new(Vector256.LessThan(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 LessOrEqual(V256 a, V256 b) => new(Vector256.LessThanOrEqual(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Equal(V256 a, V256 b) => new(Vector256.Equals(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Select(V256 mask, V256 yes, V256 no) => new(Vector256.ConditionalSelect(mask.Value, yes.Value, no.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Scale(V256 x, V256 n)
    {
        // In two halves, since 2^n itself may be out of range where the product isn't.
        var whole = Vector256.ConvertToInt32(n.Value);
        var half = Vector256.ShiftRightArithmetic(whole, 1);
        return new(x.Value * Power(half) * Power(whole - half));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 ExponentDifference(V256 x, V256 y) =>
        new(Vector256.ConvertToSingle(Vector256.ShiftRightArithmetic(x.Value.AsInt32() - y.Value.AsInt32(), 23)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 LowerExponent(V256 x, V256 n) =>
        new((x.Value.AsInt32() - Vector256.ShiftLeft(Vector256.ConvertToInt32(n.Value), 23)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 LoadLanes(float* p, V256 mask) => new(Avx.MaskLoad(p, mask.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Evens(V256 a, V256 b) => new(Avx2.Permute4x64(Avx.Shuffle(a.Value, b.Value, 0x88).AsDouble(), 0xD8).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Lanes(int first, int last) =>
        new(
            (
                Vector256.GreaterThanOrEqual(Vector256<int>.Indices, Vector256.Create(first))
                & Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(last))
            ).AsSingle()
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V256 x) => Vector256.Sum(x.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(float* to, V256 a, V256 b)
    {
        Vector256<float> low = Avx.UnpackLow(a.Value, b.Value),
            high = Avx.UnpackHigh(a.Value, b.Value);
        Avx.Permute2x128(low, high, 0x20).Store(to);
        Avx.Permute2x128(low, high, 0x31).Store(to + Count);
    }

    public static void StoreEvens(float* to, float* from, int count, bool more)
    {
        var n = 0;
        for (var last = count - Count - (more ? 0 : 1); n <= last; n += Count)
        {
            var x = Avx2.Permute4x64(Vector256.Load(from + n).AsDouble(), 0xD8).AsSingle();
            Avx.Blend(Vector256.Load(to + (2 * n)), Avx.UnpackLow(x, x), 0x55).Store(to + (2 * n));
            Avx.Blend(Vector256.Load(to + (2 * n) + Count), Avx.UnpackHigh(x, x), 0x55).Store(to + (2 * n) + Count);
        }

        for (; n < count; n++)
            to[2 * n] = from[n];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 LoadQuads(float* p, nint stride) => new(Vector256.Create(Vector128.Load(p), Vector128.Load(p + (4 * stride))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 UnpackLow(V256 a, V256 b) => new(Avx.UnpackLow(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 UnpackHigh(V256 a, V256 b) => new(Avx.UnpackHigh(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 MoveLow(V256 a, V256 b) => new(Avx.Shuffle(a.Value, b.Value, 0x44));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 MoveHigh(V256 a, V256 b) => new(Avx.Shuffle(a.Value, b.Value, 0xEE));

    public static V256 Pow(V256 x, V256 y)
    {
        var result = x.Value;
        for (var i = 0; i < Count; i++)
            result = result.WithElement(i, MathF.Pow(x.Value.GetElement(i), y.Value.GetElement(i)));
        return new(result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Power(Vector256<int> n) => Vector256.ShiftLeft(n + Vector256.Create(127), 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Mask(int count) => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(count)).AsSingle();
}

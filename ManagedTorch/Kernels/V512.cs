using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>16 floats.</summary>
internal unsafe struct V512(Vector512<float> value) : IVector<V512>
{
    public Vector512<float> Value = value;

    public static int Count => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Create(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 CreateBits(int bits) => new(Vector512.Create(bits).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Load(float* p) => new(Vector512.Load(p));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 LoadPartial(float* p, int count) => new(Avx512F.MaskLoad(p, Mask(count), Vector512<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* p, V512 x) => x.Value.Store(p);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(float* p, V512 x, int count) => Avx512F.MaskStore(p, Mask(count), x.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Bits(V512 mask) => (uint)mask.Value.ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator +(V512 a, V512 b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator -(V512 a, V512 b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator *(V512 a, V512 b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator /(V512 a, V512 b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator &(V512 a, V512 b) => new(a.Value & b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator |(V512 a, V512 b) => new(a.Value | b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator ^(V512 a, V512 b) => new(a.Value ^ b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 MultiplyAdd(V512 a, V512 b, V512 c) => new(Vector512.MultiplyAddEstimate(a.Value, b.Value, c.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Accumulate(ref V512 sum, V512 a, V512 b) => sum.Value = Vector512.MultiplyAddEstimate(a.Value, b.Value, sum.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Sqrt(V512 x) => new(Vector512.Sqrt(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Abs(V512 x) => new(Vector512.Abs(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Max(V512 a, V512 b) => new(Vector512.Max(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Min(V512 a, V512 b) => new(Vector512.Min(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 MaxNative(V512 a, V512 b) => new(Vector512.MaxNative(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 MinNative(V512 a, V512 b) => new(Vector512.MinNative(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Round(V512 x) => new(Vector512.Round(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Floor(V512 x) => new(Vector512.Floor(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Less(V512 a, V512 b) => new(Vector512.LessThan(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 LessOrEqual(V512 a, V512 b) => new(Vector512.LessThanOrEqual(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Equal(V512 a, V512 b) => new(Vector512.Equals(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Select(V512 mask, V512 yes, V512 no) => new(Vector512.ConditionalSelect(mask.Value, yes.Value, no.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Scale(V512 x, V512 n) => new(Avx512F.Scale(x.Value, n.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 ExponentDifference(V512 x, V512 y) =>
        new(Vector512.ConvertToSingle(Vector512.ShiftRightArithmetic(x.Value.AsInt32() - y.Value.AsInt32(), 23)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 LowerExponent(V512 x, V512 n) =>
        new((x.Value.AsInt32() - Vector512.ShiftLeft(Vector512.ConvertToInt32(n.Value), 23)).AsSingle());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 LoadLanes(float* p, V512 mask) => new(Avx512F.MaskLoad(p, mask.Value, Vector512<float>.Zero));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Evens(V512 a, V512 b) =>
        new(Avx512F.PermuteVar16x32x2(a.Value, Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30), b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Lanes(int first, int last) =>
        new(
            (
                Vector512.GreaterThanOrEqual(Vector512<int>.Indices, Vector512.Create(first))
                & Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(last))
            ).AsSingle()
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V512 x) => Vector512.Sum(x.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePairs(float* to, V512 a, V512 b)
    {
        var first = Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
        Avx512F.PermuteVar16x32x2(a.Value, first, b.Value).Store(to);
        Avx512F.PermuteVar16x32x2(a.Value, first + Vector512.Create(8), b.Value).Store(to + Count);
    }

    public static void StoreEvens(float* to, float* from, int count, bool more)
    {
        var spread = Vector512.Create(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
        for (; count > 0; count -= 8, from += 8, to += 16)
        {
            var mask = Lanes(0, Math.Min(16, (2 * count) - 1)).Value & Vector512.Create(0x00000000ffffffffUL).AsSingle();
            var x = Avx512F.MaskLoad(from, Lanes(0, Math.Min(8, count)).Value, Vector512<float>.Zero);
            Avx512F.MaskStore(to, mask, Avx512F.PermuteVar16x32(x, spread));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 LoadQuads(float* p, nint stride) =>
        new(
            Avx512F.InsertVector128(
                Avx512F.InsertVector128(
                    Avx512F.InsertVector128(Vector128.Load(p).ToVector256Unsafe().ToVector512Unsafe(), Vector128.Load(p + (4 * stride)), 1),
                    Vector128.Load(p + (8 * stride)),
                    2
                ),
                Vector128.Load(p + (12 * stride)),
                3
            )
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 UnpackLow(V512 a, V512 b) => new(Avx512F.UnpackLow(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 UnpackHigh(V512 a, V512 b) => new(Avx512F.UnpackHigh(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 MoveLow(V512 a, V512 b) => new(Avx512F.Shuffle(a.Value, b.Value, 0x44));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 MoveHigh(V512 a, V512 b) => new(Avx512F.Shuffle(a.Value, b.Value, 0xEE));

    public static V512 Pow(V512 x, V512 y)
    {
        var result = x.Value;
        for (var i = 0; i < Count; i++)
            result = result.WithElement(i, MathF.Pow(x.Value.GetElement(i), y.Value.GetElement(i)));
        return new(result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Mask(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();
}

namespace TorchSharp.Kernels;

/// <summary>A vector of floats of some width, so that each formula is written once. Masks are lanes of all ones or all zeros.</summary>
internal unsafe interface IVector<V>
    where V : struct, IVector<V>
{
    static abstract int Count { get; }

    static abstract V Create(float value);

    static abstract V CreateBits(int bits);

    static abstract V Load(float* p);

    /// <summary>The first count lanes from memory, zeros elsewhere; nothing behind them is read.</summary>
    static abstract V LoadPartial(float* p, int count);

    /// <summary>Lanes from first to before last, as a mask.</summary>
    static abstract V Lanes(int first, int last);

    /// <summary>The masked lanes from memory, zeros elsewhere; p is lane 0's place, but only masked lanes are read.</summary>
    static abstract V LoadLanes(float* p, V mask);

    /// <summary>a0 a2 ... b0 b2 ...</summary>
    static abstract V Evens(V a, V b);

    /// <summary>
    /// to[2n] = from[n]; the floats between keep their values, but may be read and written, and with more that behind the last, too.
    /// </summary>
    static abstract void StoreEvens(float* to, float* from, int count, bool more);

    /// <summary>a0 b0 a1 b1 ..., two vectors of them.</summary>
    static abstract void StorePairs(float* to, V a, V b);

    static abstract void Store(float* p, V x);

    static abstract void StorePartial(float* p, V x, int count);

    /// <summary>Appends one bit a lane, lane 0 lowest.</summary>
    static abstract uint Bits(V mask);

    static abstract V operator +(V a, V b);

    static abstract V operator -(V a, V b);

    static abstract V operator *(V a, V b);

    static abstract V operator /(V a, V b);

    static abstract V operator &(V a, V b);

    static abstract V operator |(V a, V b);

    static abstract V operator ^(V a, V b);

    /// <summary>a * b + c, in one rounding where the processor can.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>sum += a * b: written to the operand itself, else the JIT moves it through another register.</summary>
    static abstract void Accumulate(ref V sum, V a, V b);

    /// <summary>Of all lanes.</summary>
    static abstract float Sum(V x);

    static abstract V Sqrt(V x);

    static abstract V Abs(V x);

    /// <summary>The larger; NaN where either is.</summary>
    static abstract V Max(V a, V b);

    static abstract V Min(V a, V b);

    /// <summary>The larger; the second where either is NaN.</summary>
    static abstract V MaxNative(V a, V b);

    static abstract V MinNative(V a, V b);

    static abstract V Round(V x);

    static abstract V Floor(V x);

    static abstract V Less(V a, V b);

    static abstract V LessOrEqual(V a, V b);

    static abstract V Equal(V a, V b);

    static abstract V Select(V mask, V yes, V no);

    /// <summary>x * 2^n for integral n in [-252, 252], right down to subnormals and up to infinity.</summary>
    static abstract V Scale(V x, V n);

    /// <summary>The bits as integers: (x - y) >> 23 as float, for taking exponents apart.</summary>
    static abstract V ExponentDifference(V x, V y);

    /// <summary>The bits as integers: x - (n as integer) * 2^23, the exact division of a normal number by 2^n.</summary>
    static abstract V LowerExponent(V x, V n);

    /// <summary>Four floats from each fourth row: quad q from p + 4 * q * stride.</summary>
    static abstract V LoadQuads(float* p, nint stride);

    /// <summary>In each quad: a0 b0 a1 b1.</summary>
    static abstract V UnpackLow(V a, V b);

    /// <summary>In each quad: a2 b2 a3 b3.</summary>
    static abstract V UnpackHigh(V a, V b);

    /// <summary>In each quad: a0 a1 b0 b1.</summary>
    static abstract V MoveLow(V a, V b);

    /// <summary>In each quad: a2 a3 b2 b3.</summary>
    static abstract V MoveHigh(V a, V b);

    static abstract V Pow(V x, V y);
}

using System.Runtime.InteropServices;

namespace Latent.Tests.Kernels;

/// <summary>
/// Floats outside the garbage collector's reach, between guards that are NaN (so that reading them shows) and are checked at the end.
/// </summary>
internal sealed unsafe class Guarded : IDisposable
{
    private const int Guard = 64;
    private const int Pattern = 0x7fc12345;
    private readonly int* _memory;
    private readonly int _length;

    public Guarded(int length)
    {
        _length = length;
        _memory = (int*)NativeMemory.AlignedAlloc((nuint)((length + (2 * Guard)) * sizeof(int)), 64);
        new Span<int>(_memory, length + (2 * Guard)).Fill(Pattern);
    }

    public Guarded(int length, Random random, float low = -1, float high = 1)
        : this(length)
    {
        foreach (ref var x in Span)
            x = low + ((high - low) * random.NextSingle());
    }

    public Guarded(ReadOnlySpan<float> values)
        : this(values.Length) => values.CopyTo(Span);

    public float* P => (float*)_memory + Guard;

    public Span<float> Span => new(P, _length);

    public float this[int i] => Span[i];

    public static implicit operator float*(Guarded g) => g.P;

    public void Dispose()
    {
        var whole = true;
        for (var i = 0; i < Guard; i++)
            whole &= _memory[i] == Pattern && _memory[Guard + _length + i] == Pattern;
        NativeMemory.AlignedFree(_memory);
        Assert.True(whole, "A kernel wrote outside its buffer.");
    }
}

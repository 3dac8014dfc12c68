using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Kernels;

/// <summary>
/// Memory of tensors: blocks aligned to 64 bytes with at least 64 bytes of padding behind, kept in free lists by size (four
/// sizes to an octave), first in a small cache of the thread, then in lists that all threads share.
/// </summary>
internal static unsafe class NativePool
{
    private const int Padding = 64;
    private const int Classes = 4 * 48;
    private const int CachedPerClass = 16;
    private const long LargestCached = 1 << 22;

    private static readonly nint[] _free = new nint[Classes];
    private static readonly Lock _lock = new();
    private static long _inUse;

    [ThreadStatic]
    private static Cache? _cache;

    /// <summary>Bytes rented and not yet returned, rounded up to the sizes of blocks.</summary>
    public static long BytesInUse => Volatile.Read(ref _inUse);

    /// <summary>A block with room for this many bytes; its contents are arbitrary.</summary>
    public static float* Rent(long bytes)
    {
        var index = ClassOf(bytes);
        var size = SizeOf(index);
        var cache = _cache ??= new Cache();
        var block = cache.Pop(index);
        if (block == 0)
            block = PopShared(index);
        Interlocked.Add(ref _inUse, size);
        return (float*)(block == 0 ? (nint)NativeMemory.AlignedAlloc((nuint)size, 64) : block);
    }

    /// <summary>Gives back a block with the number of bytes it was rented with.</summary>
    public static void Return(float* p, long bytes)
    {
        if (p == null)
            return;
        var index = ClassOf(bytes);
        var size = SizeOf(index);
        Interlocked.Add(ref _inUse, -size);
        // A thread that never rents (the finalizer's) would only hoard.
        if (size > LargestCached || _cache is not { } cache || !cache.Push(index, (nint)p))
            PushShared(index, (nint)p);
    }

    private static int ClassOf(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        var need = Math.Max(256, bytes + Padding) - 1;
        var octave = BitOperations.Log2((ulong)need);
        return (4 * (octave - 7)) + (int)((need >> (octave - 2)) & 3) + 1;
    }

    private static long SizeOf(int index)
    {
        var (octave, quarter) = Math.DivRem(index, 4);
        return (4L + quarter) << (octave + 5);
    }

    private static nint PopShared(int index)
    {
        if (Volatile.Read(ref _free[index]) == 0)
            return 0;
        lock (_lock)
        {
            var block = _free[index];
            if (block != 0)
                _free[index] = *(nint*)block;
            return block;
        }
    }

    private static void PushShared(int index, nint block)
    {
        lock (_lock)
        {
            *(nint*)block = _free[index];
            _free[index] = block;
        }
    }

    private sealed class Cache
    {
        private readonly nint[] _heads = new nint[Classes];
        private readonly byte[] _counts = new byte[Classes];

        ~Cache() => Flush();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public nint Pop(int index)
        {
            var block = _heads[index];
            if (block == 0)
                return 0;
            _heads[index] = *(nint*)block;
            _counts[index]--;
            return block;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool Push(int index, nint block)
        {
            if (_counts[index] >= CachedPerClass)
                return false;
            *(nint*)block = _heads[index];
            _heads[index] = block;
            _counts[index]++;
            return true;
        }

        public void Flush()
        {
            for (var i = 0; i < Classes; i++)
            {
                for (var block = Pop(i); block != 0; block = Pop(i))
                    PushShared(i, block);
            }
        }
    }
}

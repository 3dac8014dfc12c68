using System.IO.MemoryMappedFiles;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Memory;

/// <summary>
/// A block of native memory, 64-byte aligned and with 64 readable bytes behind it, that tensors and saved tensors share by counting
/// references.
/// The last one to let go puts it back into the pool at once, object and all; one that nobody lets go of comes back through its finalizer.
/// </summary>
internal sealed unsafe class TensorStorage
{
    private const int Alignment = 64;
    private const int Padding = 64;
    private static readonly Stack<TensorStorage>[] Free = CreateStacks();
    private static readonly long PooledLimit = Math.Max(256L << 20, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4);
    private static long _pooledBytes;
    private static long _reservedBytes;
    private static long _usedBytes;

    private readonly int _class;
    private readonly long _capacity;
    private readonly MemoryMappedViewAccessor? _mapped;
    private int _references;

    private TensorStorage(int sizeClass, long capacity)
    {
        _class = sizeClass;
        _capacity = capacity;
        Data = (byte*)NativeMemory.AlignedAlloc((nuint)(capacity + Padding), Alignment);
        new Span<byte>(Data + capacity, Padding).Clear();
        GC.AddMemoryPressure(capacity);
        Interlocked.Add(ref _reservedBytes, capacity);
    }

    private TensorStorage(MemoryMappedViewAccessor mapped)
    {
        _class = int.MaxValue;
        _mapped = mapped;
        byte* data = null;
        mapped.SafeMemoryMappedViewHandle.AcquirePointer(ref data);
        Data = data + mapped.PointerOffset;
        _references = 1;
    }

    ~TensorStorage()
    {
        if (Data is null || Environment.HasShutdownStarted)
            return;

        // Unreachable, so nobody can let go of it any more.
        _references = 0;
        Interlocked.Add(ref _usedBytes, -_capacity);
        if (TryPool())
            GC.ReRegisterForFinalize(this);
    }

    public byte* Data { get; private set; }

    /// <summary>Counts writes in place, so that backward notices that a tensor it saved has changed.</summary>
    public int Version { get; private set; }

    /// <summary>Counts writes in place that the graph recorded: views made before one know another history than their base.</summary>
    public int History { get; set; }

    /// <summary>No other tensor and no saved tensor looks at this memory.</summary>
    public bool IsExclusive => _references == 1;

    /// <summary>Native memory held by tensors now.</summary>
    public static long UsedBytes => Interlocked.Read(ref _usedBytes);

    /// <summary>Native memory held by tensors and by the pool.</summary>
    public static long ReservedBytes => Interlocked.Read(ref _reservedBytes);

    public static TensorStorage Rent(long bytes)
    {
        var sizeClass = SizeClass(bytes, out var capacity);
        TensorStorage? storage = null;
        if (sizeClass < Free.Length)
        {
            var stack = Free[sizeClass];
            lock (stack)
            {
                if (stack.TryPop(out storage))
                    Interlocked.Add(ref _pooledBytes, -capacity);
            }
        }

        storage ??= new TensorStorage(sizeClass, capacity);
        storage._references = 1;
        storage.Version = 0;
        storage.History = 0;
        Interlocked.Add(ref _usedBytes, capacity);
        return storage;
    }

    /// <summary>Maps the beginning of a file, which grows where the padding goes beyond its end.</summary>
    public static TensorStorage Map(string path, long bytes)
    {
        using var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, bytes + Padding);
        return new(file.CreateViewAccessor(0, bytes + Padding));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TensorStorage Share()
    {
        Interlocked.Increment(ref _references);
        return this;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void MarkWritten() => Version++;

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) != 0)
            return;

        Interlocked.Add(ref _usedBytes, -_capacity);
        if (!TryPool())
            GC.SuppressFinalize(this);
    }

    private bool TryPool()
    {
        if (_class < Free.Length && Volatile.Read(ref _pooledBytes) + _capacity <= PooledLimit)
        {
            var stack = Free[_class];
            lock (stack)
            {
                Interlocked.Add(ref _pooledBytes, _capacity);
                stack.Push(this);
            }

            return true;
        }

        FreeMemory();
        return false;
    }

    private void FreeMemory()
    {
        if (_mapped is not null)
        {
            _mapped.SafeMemoryMappedViewHandle.ReleasePointer();
            _mapped.Dispose();
            Data = null;
            return;
        }

        NativeMemory.AlignedFree(Data);
        Data = null;
        GC.RemoveMemoryPressure(_capacity);
        Interlocked.Add(ref _reservedBytes, -_capacity);
    }

    /// <summary>Four classes an octave: at most a fifth of a block is waste.</summary>
    private static int SizeClass(long bytes, out long capacity)
    {
        if (bytes <= 256)
        {
            capacity = Math.Max(Alignment, (bytes + Alignment - 1) & -Alignment);
            return (int)(capacity / Alignment) - 1;
        }

        var octave = BitOperations.Log2((ulong)(bytes - 1));
        var step = 1L << (octave - 2);
        capacity = (bytes + step - 1) & -step;
        return 4 + (octave - 8) * 4 + (int)((capacity - 1 - (1L << octave)) >> (octave - 2));
    }

    private static Stack<TensorStorage>[] CreateStacks()
    {
        var stacks = new Stack<TensorStorage>[4 + 32 * 4];
        for (var i = 0; i < stacks.Length; i++)
            stacks[i] = new Stack<TensorStorage>();
        return stacks;
    }
}

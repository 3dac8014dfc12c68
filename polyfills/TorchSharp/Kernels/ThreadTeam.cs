using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.Intrinsics.X86;

namespace TorchSharp.Kernels;

/// <summary>Work over a range of indices; parts of the range may run at the same time on several threads.</summary>
internal interface IRangeJob
{
    void Run(long start, long end);
}

/// <summary>
/// Worker threads that stay warm between calls: they spin for a while on a counter, then sleep. Which indices form a piece
/// depends only on length, grain and Count, so results are the same bits from run to run.
/// </summary>
internal static unsafe class ThreadTeam
{
    private const int SpinMicroseconds = 200;
    private static readonly Lock _growth = new();
    private static Worker[] _workers = [];
    private static int _count = Environment.ProcessorCount;
    private static int _busy;
    private static delegate*<void*, long, long, void> _run;
    private static void* _job;
    private static long _length;
    private static long _chunk;
    private static int _threads;
    private static ExceptionDispatchInfo? _failure;

    /// <summary>How many threads a call may use, the caller's among them.</summary>
    public static int Count
    {
        get => _count;
        set => _count = Math.Max(1, value);
    }

    /// <summary>Splits [0, length) into at most Count pieces, each of at least grain, long ones of a multiple of 16 indices; the caller runs the first.</summary>
    public static void For<TJob>(long length, long grain, ref TJob job) where TJob : struct, IRangeJob
    {
        if (length <= 0) return;
        var pieces = Math.Clamp(length / Math.Max(1, grain), 1, _count);
        if (pieces == 1)
        {
            job.Run(0, length);
            return;
        }
        var chunk = (length + pieces - 1) / pieces;
        // Whole cache lines of elements; of few and large pieces none should get many more.
        Dispatch(length, chunk < 64 ? chunk : (chunk + 15) & ~15L, ref job);
    }

    /// <summary>Runs the job once for each index, whole indices dealt to the threads in turn: for few and large pieces.</summary>
    public static void Each<TJob>(int pieces, ref TJob job) where TJob : struct, IRangeJob
    {
        if (pieces == 1) job.Run(0, 1);
        else if (pieces > 1) Dispatch(pieces, 1, ref job);
    }

    private static void Dispatch<TJob>(long length, long chunk, ref TJob job) where TJob : struct, IRangeJob
    {
        var threads = (int)Math.Min(_count, (length + chunk - 1) / chunk);
        // Taken by another thread of the user, or by ourselves further up the stack: the same pieces, one after the other.
        if (threads == 1 || Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            for (long at = 0; at < length; at += chunk) job.Run(at, Math.Min(length, at + chunk));
            return;
        }
        var copy = job;
        if (_workers.Length < threads - 1) Grow(threads - 1);
        var workers = _workers;
        _run = &Invoke<TJob>;
#pragma warning disable CS8500 // the copy lies on this stack until every worker is done
        _job = &copy;
#pragma warning restore CS8500
        _length = length;
        _chunk = chunk;
        _threads = threads;
        _failure = null;
        for (var i = 0; i < threads - 1; i++) workers[i].Start();
        RunPieces(0);
        for (var i = 0; i < threads - 1; i++) workers[i].Wait();
        var failure = _failure;
        Volatile.Write(ref _busy, 0);
        job = copy;
        failure?.Throw();
    }

    private static void Invoke<TJob>(void* job, long start, long end) where TJob : struct, IRangeJob =>
        Unsafe.AsRef<TJob>(job).Run(start, end);

    private static void RunPieces(int thread)
    {
        try
        {
            var step = _chunk * _threads;
            for (var at = thread * _chunk; at < _length; at += step) _run(_job, at, Math.Min(_length, at + _chunk));
        }
        catch (Exception e)
        {
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(e), null);
        }
    }

    private static void Grow(int workers)
    {
        lock (_growth)
        {
            var old = _workers.Length;
            var grown = new Worker[workers];
            _workers.CopyTo(grown, 0);
            for (var i = old; i < workers; i++) grown[i] = new Worker(i + 1);
            _workers = grown;
        }
    }

    private static void Pause()
    {
        if (X86Base.IsSupported) X86Base.Pause();
        else Thread.SpinWait(1);
    }

    private sealed class Worker
    {
        private static readonly long _spin = Stopwatch.Frequency * SpinMicroseconds / 1_000_000;
        private readonly SemaphoreSlim _wake = new(0);
        private readonly int _number;
        // Written by the caller, read by the worker, and the other way round: a cache line each.
        private readonly long[] _lines = GC.AllocateArray<long>(48, pinned: true);

        public Worker(int number)
        {
            _number = number;
            new Thread(Loop) { IsBackground = true, Name = $"TorchSharp {number}" }.Start();
        }

        private ref long Go => ref _lines[16];

        private ref long Done => ref _lines[32];

        private ref long Asleep => ref _lines[24];

        public void Start()
        {
            Interlocked.Increment(ref Go);
            if (Volatile.Read(ref Asleep) != 0 && Interlocked.Exchange(ref Asleep, 0) != 0) _wake.Release();
        }

        public void Wait()
        {
            var target = Go;
            for (var spins = 0; Volatile.Read(ref Done) != target; spins++)
            {
                if (spins < 2000) Pause();
                else Thread.Yield();
            }
        }

        private void Loop()
        {
            for (long seen = 0; ; seen++)
            {
                AwaitAfter(seen);
                RunPieces(_number);
                Volatile.Write(ref Done, seen + 1);
            }
        }

        private void AwaitAfter(long seen)
        {
            var start = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref Go) == seen)
            {
                Pause();
                if (Stopwatch.GetTimestamp() - start < _spin) continue;
                Interlocked.Exchange(ref Asleep, 1);
                // Either nothing has come, or the caller saw the flag and has released or will release the semaphore.
                if (Volatile.Read(ref Go) == seen || Interlocked.Exchange(ref Asleep, 0) == 0) _wake.Wait();
                start = Stopwatch.GetTimestamp();
            }
        }
    }
}

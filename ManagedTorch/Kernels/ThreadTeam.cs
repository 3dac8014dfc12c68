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
/// Worker threads that stay warm between calls: they spin for a while on a counter, then sleep. A call's pieces are dealt out evenly,
/// and a thread that is done takes what others have not begun, so that nobody waits for one whose processor is late. Which indices form
/// a piece depends only on length, grain and Count, so results are the same bits from run to run.
/// </summary>
internal static unsafe class ThreadTeam
{
    private const int SpinMicroseconds = 200;

    /// <summary>Pieces for each thread where the work is long enough.</summary>
    public const int Shares = 4;

    private static readonly Lock _growth = new();
    private static Worker[] _workers = [];
    private static int _count = Environment.ProcessorCount;
    private static int _busy;
    private static delegate* <void*, long, long, void> _run;
    private static void* _job;
    private static long _length;
    private static long _chunk;
    private static int _done;
    private static ExceptionDispatchInfo? _failure;

    /// <summary>
    /// For each thread the next of its pieces and, in the upper half, the first that is not its own; in cache lines of their own.
    /// </summary>
    private static long[] _claims = NewClaims(1);

    /// <summary>How many threads a call may use, the caller's among them.</summary>
    public static int Count
    {
        get => _count;
        set => _count = Math.Max(1, value);
    }

    /// <summary>
    /// Splits [0, length) into pieces of at least grain, up to Shares for each of Count threads, long ones of a multiple of 16 indices.
    /// </summary>
    public static void For<TJob>(long length, long grain, ref TJob job)
        where TJob : struct, IRangeJob
    {
        if (length <= 0)
            return;
        var most = length / Math.Max(1, grain);
        if (most <= 1 || _count == 1)
        {
            job.Run(0, length);
            return;
        }

        var pieces = most < _count ? most : _count * Math.Min(most / _count, Shares);
        var chunk = (length + pieces - 1) / pieces;
        // Whole cache lines of elements; of few and large pieces none should get many more.
        Dispatch(length, chunk < 64 ? chunk : (chunk + 15) & ~15L, ref job);
    }

    /// <summary>Runs the job once for each index: for few and large pieces.</summary>
    public static void Each<TJob>(int pieces, ref TJob job)
        where TJob : struct, IRangeJob
    {
        if (pieces == 1)
            job.Run(0, 1);
        else if (pieces > 1)
            Dispatch(pieces, 1, ref job);
    }

    private static void Dispatch<TJob>(long length, long chunk, ref TJob job)
        where TJob : struct, IRangeJob
    {
        var pieces = (int)((length + chunk - 1) / chunk);
        var threads = Math.Min(_count, pieces);
        // Taken by another thread of the user, or by ourselves further up the stack: the same pieces, one after the other.
        if (threads == 1 || Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            for (long at = 0; at < length; at += chunk)
                job.Run(at, Math.Min(length, at + chunk));
            return;
        }

        var copy = job;
        if (_workers.Length < threads - 1)
            Grow(threads - 1);
        var workers = _workers;
        _run = &Invoke<TJob>;
#pragma warning disable CS8500 // the copy lies on this stack until every piece is done
        _job = &copy;
#pragma warning restore CS8500
        _length = length;
        _chunk = chunk;
        _done = 0;
        _failure = null;
        for (var i = 0; i < threads; i++)
            Volatile.Write(ref Claim(i), ((i + 1L) * pieces / threads << 32) | ((long)i * pieces / threads));
        for (var i = 0; i < threads - 1; i++)
            workers[i].Start();
        RunPieces(0);
        for (var spins = 0; Volatile.Read(ref _done) != pieces; spins++)
        {
            if (spins < 2000)
                Pause();
            else
                Thread.Yield();
        }

        var failure = _failure;
        Volatile.Write(ref _busy, 0);
        job = copy;
        failure?.Throw();
    }

    private static void Invoke<TJob>(void* job, long start, long end)
        where TJob : struct, IRangeJob => Unsafe.AsRef<TJob>(job).Run(start, end);

    private static ref long Claim(int thread) => ref _claims[16 * (thread + 1)];

    private static long[] NewClaims(int threads) => GC.AllocateArray<long>(16 * (threads + 2), pinned: true);

    /// <summary>
    /// The thread's own pieces, then those of the threads behind it. One that comes late, even during another call, finds nothing to claim
    /// or what is to be done now: the call's fields are read after a claim, and hold until the claimed piece is done.
    /// </summary>
    private static void RunPieces(int thread)
    {
        var threads = (_claims.Length / 16) - 2;
        var ran = 0;
        for (var i = 0; i < threads; i++)
        {
            ref var claim = ref Claim((thread + i) % threads);
            for (var seen = Volatile.Read(ref claim); (int)seen != (int)(seen >> 32); seen = Volatile.Read(ref claim))
            {
                if (Interlocked.CompareExchange(ref claim, seen + 1, seen) != seen)
                    continue;
                RunPiece((int)seen);
                ran++;
            }
        }

        if (ran > 0)
            Interlocked.Add(ref _done, ran);
    }

    private static void RunPiece(long piece)
    {
        try
        {
            _run(_job, piece * _chunk, Math.Min(_length, (piece + 1) * _chunk));
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
            _claims = NewClaims(workers + 1);
            for (var i = old; i < workers; i++)
                grown[i] = new Worker(i + 1);
            _workers = grown;
        }
    }

    private static void Pause()
    {
        if (X86Base.IsSupported)
            X86Base.Pause();
        else
            Thread.SpinWait(1);
    }

    private sealed class Worker
    {
        private static readonly long _spin = Stopwatch.Frequency * SpinMicroseconds / 1_000_000;
        private readonly SemaphoreSlim _wake = new(0);
        private readonly int _number;

        // Written by the caller, and by both: a cache line each.
        private readonly long[] _lines = GC.AllocateArray<long>(48, pinned: true);

        public Worker(int number)
        {
            _number = number;
            new Thread(Loop) { IsBackground = true, Name = $"TorchSharp {number}" }.Start();
        }

        private ref long Go => ref _lines[16];

        private ref long Asleep => ref _lines[32];

        public void Start()
        {
            Interlocked.Increment(ref Go);
            if (Volatile.Read(ref Asleep) != 0 && Interlocked.Exchange(ref Asleep, 0) != 0)
                _wake.Release();
        }

        private void Loop()
        {
            long seen = 0;
            while (true)
            {
                seen = AwaitAfter(seen);
                RunPieces(_number);
            }
        }

        private long AwaitAfter(long seen)
        {
            var start = Stopwatch.GetTimestamp();
            while (Volatile.Read(ref Go) == seen)
            {
                Pause();
                if (Stopwatch.GetTimestamp() - start < _spin)
                    continue;
                Interlocked.Exchange(ref Asleep, 1);
                // Either nothing has come, or the caller saw the flag and has released or will release the semaphore.
                if (Volatile.Read(ref Go) == seen || Interlocked.Exchange(ref Asleep, 0) == 0)
                    _wake.Wait();
                start = Stopwatch.GetTimestamp();
            }

            return Volatile.Read(ref Go);
        }
    }
}

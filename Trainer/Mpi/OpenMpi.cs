using System.Runtime.InteropServices;
using Latent.Contracts;

namespace Latent.Trainer.Mpi;

/// <summary>
/// Calls OpenMPI through its library's exports. Its handles (MPI_COMM_WORLD and so on) are addresses of exported variables and the same in
/// OpenMPI 4 and 5; in MPICH they are numbers, so that its library lacks these exports.
/// </summary>
internal sealed unsafe class OpenMpi
{
    /// <summary>Names the library where it is not where the system looks.</summary>
    public const string Variable = "LATENT_MPI";

    private const int Serialized = 2;
    private const int LargestPiece = 1 << 30;
    private static readonly void* s_inPlace = (void*)1;
    private readonly nint _library;
    private readonly string _name;
    private readonly void* _world;
    private readonly void* _bytes;
    private readonly void* _floats;
    private readonly void* _doubles;
    private readonly void* _sum;
    private readonly delegate* unmanaged[Cdecl]<void*, void*, int, void*, void*, void*, int> _allreduce;
    private readonly delegate* unmanaged[Cdecl]<void*, int> _barrier;

    /// <summary>Loads the library and joins the processes that the launcher started.</summary>
    /// <exception cref="LatentException">There is no OpenMPI, or it could not start.</exception>
    public OpenMpi()
    {
        (_library, _name) = Load();
        _world = Export("ompi_mpi_comm_world");
        _bytes = Export("ompi_mpi_byte");
        _floats = Export("ompi_mpi_float");
        _doubles = Export("ompi_mpi_double");
        _sum = Export("ompi_mpi_op_sum");
        _allreduce = (delegate* unmanaged[Cdecl]<void*, void*, int, void*, void*, void*, int>)Export("MPI_Allreduce");
        _barrier = (delegate* unmanaged[Cdecl]<void*, int>)Export("MPI_Barrier");
        int isInitialized;
        Check(((delegate* unmanaged[Cdecl]<int*, int>)Export("MPI_Initialized"))(&isInitialized), "MPI_Initialized");
        // The managed engine's copy of the program comes second.
        if (isInitialized == 0)
        {
            int provided;
            var init = (delegate* unmanaged[Cdecl]<int*, char***, int, int*, int>)Export("MPI_Init_thread");
            Check(init(null, null, Serialized, &provided), "MPI_Init_thread");
        }
    }

    /// <summary>Gets whether the processes have left MPI.</summary>
    public bool HasEnded
    {
        get
        {
            int hasEnded;
            Check(((delegate* unmanaged[Cdecl]<int*, int>)Export("MPI_Finalized"))(&hasEnded), "MPI_Finalized");
            return hasEnded != 0;
        }
    }

    /// <summary>Gets this process's number, from 0.</summary>
    public int Rank => Number("MPI_Comm_rank");

    /// <summary>Gets the number of processes.</summary>
    public int Size => Number("MPI_Comm_size");

    /// <summary>Replaces values by their sums over all processes, which get the same bits.</summary>
    public void Sum(Span<float> values)
    {
        fixed (float* at = values)
            Check(_allreduce(s_inPlace, at, values.Length, _floats, _sum, _world), "MPI_Allreduce");
    }

    /// <summary>Replaces values by their sums over all processes, which get the same bits.</summary>
    public void Sum(Span<double> values)
    {
        fixed (double* at = values)
            Check(_allreduce(s_inPlace, at, values.Length, _doubles, _sum, _world), "MPI_Allreduce");
    }

    /// <summary>Waits until all processes have come here.</summary>
    public void Meet()
    {
        Thread.MemoryBarrier();
        Check(_barrier(_world), "MPI_Barrier");
        Thread.MemoryBarrier();
    }

    /// <summary>Collects a number of each process, in the order of their ranks.</summary>
    public long[] Collect(long value)
    {
        var all = new long[Size];
        var allgather = (delegate* unmanaged[Cdecl]<void*, int, void*, void*, int, void*, void*, int>)Export("MPI_Allgather");
        fixed (long* at = all)
            Check(allgather(&value, sizeof(long), _bytes, at, sizeof(long), _bytes, _world), "MPI_Allgather");
        return all;
    }

    /// <summary>Replaces bytes by those of the first process.</summary>
    public void Broadcast(Span<byte> bytes)
    {
        var broadcast = (delegate* unmanaged[Cdecl]<void*, int, void*, int, void*, int>)Export("MPI_Bcast");
        for (var at = 0; at < bytes.Length; at += LargestPiece)
        {
            var piece = bytes.Slice(at, Math.Min(LargestPiece, bytes.Length - at));
            fixed (byte* first = piece)
                Check(broadcast(first, piece.Length, _bytes, 0, _world), "MPI_Bcast");
        }
    }

    /// <summary>Replaces a number by that of the first process, which may be at work for long: the others sleep rather than spin.</summary>
    public long Await(long value)
    {
        void* request;
        var broadcast = (delegate* unmanaged[Cdecl]<void*, int, void*, int, void*, void**, int>)Export("MPI_Ibcast");
        var test = (delegate* unmanaged[Cdecl]<void**, int*, void*, int>)Export("MPI_Test");
        Check(broadcast(&value, sizeof(long), _bytes, 0, _world, &request), "MPI_Ibcast");
        for (var tries = 0; ; tries++)
        {
            int isDone;
            Check(test(&request, &isDone, null), "MPI_Test");
            if (isDone != 0)
                return value;
            if (tries > 1000)
                Thread.Sleep(1);
            else
                Thread.Yield();
        }
    }

    /// <summary>Ends all processes.</summary>
    public void Abort(int code) => ((delegate* unmanaged[Cdecl]<void*, int, int>)Export("MPI_Abort"))(_world, code);

    /// <summary>Leaves MPI, once all processes do.</summary>
    public void Leave() => Check(((delegate* unmanaged[Cdecl]<int>)Export("MPI_Finalize"))(), "MPI_Finalize");

    private static (nint Library, string Name) Load()
    {
        var named = Environment.GetEnvironmentVariable(Variable);
        var name =
            !string.IsNullOrEmpty(named) ? named
            : OperatingSystem.IsMacOS() ? "libmpi.40.dylib"
            : "libmpi.so.40";
        if (!NativeLibrary.TryLoad(name, out var library))
        {
            var mpich = !string.IsNullOrEmpty(named) || !NativeLibrary.TryLoad("libmpich.so.12", out _) ? "" : ", only MPICH's";
            throw new LatentException(
                $"--mpi needs OpenMPI 4 or 5, but its library {name} can't be loaded here{mpich}; install it (Debian's openmpi-bin), or give its path in {Variable}."
            );
        }

        return NativeLibrary.TryGetExport(library, "ompi_mpi_comm_world", out _)
            ? (library, name)
            : throw new LatentException($"{name} is not OpenMPI's library (MPICH's can't be used); --mpi needs OpenMPI 4 or 5.");
    }

    private int Number(string function)
    {
        int number;
        Check(((delegate* unmanaged[Cdecl]<void*, int*, int>)Export(function))(_world, &number), function);
        return number;
    }

    private void* Export(string symbol) =>
        NativeLibrary.TryGetExport(_library, symbol, out var address)
            ? (void*)address
            : throw new LatentException($"{_name} has no {symbol}; --mpi needs OpenMPI 4 or 5.");

    private static void Check(int code, string function)
    {
        if (code != 0)
            throw new LatentException($"OpenMPI's {function} failed with code {code}.");
    }
}

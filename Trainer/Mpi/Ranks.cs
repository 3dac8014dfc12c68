using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Latent.Contracts;

namespace Latent.Trainer.Mpi;

/// <summary>
/// Represents the processes that train one model together, each on its slice of every minibatch; a single one where MPI is not asked for.
/// </summary>
internal sealed class Ranks
{
    private const string AffinityFile = "/proc/self/status";
    private static Ranks? s_joined;
    private readonly OpenMpi? _mpi;

    private Ranks(OpenMpi? mpi)
    {
        _mpi = mpi;
        (Rank, Count) = mpi is null ? (0, 1) : (mpi.Rank, mpi.Size);
    }

    /// <summary>Gets a process that trains by itself.</summary>
    public static Ranks Single { get; } = new(null);

    /// <summary>Gets this process's number, from 0.</summary>
    public int Rank { get; }

    /// <summary>Gets the number of processes.</summary>
    public int Count { get; }

    /// <summary>Gets whether this is the process that writes, and that decides for all.</summary>
    public bool IsFirst => Rank == 0;

    /// <summary>Joins the processes that mpirun or srun started.</summary>
    /// <exception cref="LatentException">There is no OpenMPI, or the processes don't know of each other.</exception>
    public static Ranks Join()
    {
        // OpenMPI itself would end the processes of a plain srun, with a page of its own.
        if (Variable("OMPI_COMM_WORLD_SIZE") is null && Variable("PMIX_RANK") is null && Variable("PMI_SIZE") is null)
            RefuseLauncher("SLURM_STEP_NUM_TASKS");
        var ranks = s_joined ??= new Ranks(new OpenMpi());
        if (ranks.Count == 1 && Variable("OMPI_COMM_WORLD_SIZE") is null)
            RefuseLauncher("PMI_SIZE");
        return ranks;
    }

    /// <summary>Gets or sets whether this process has done its part, so that it waits for the others at the end of the program.</summary>
    public bool IsDone { get; set; }

    /// <summary>Ends the program: together with the other processes, or, where this one's part is not done, all of them at once.</summary>
    /// <param name="code">The exit code of this process.</param>
    /// <returns>The exit code of the first process.</returns>
    public static int Leave(int code)
    {
        // The managed engine's copy of the program may have left already.
        if (s_joined is not { _mpi: { HasEnded: false } mpi } ranks)
            return code;
        if (!ranks.IsDone)
            mpi.Abort(code);
        code = (int)mpi.Await(code);
        mpi.Leave();
        return code;
    }

    /// <summary>
    /// Gets the number of threads of this process: what is asked for, or the processors that it may use, divided by the processes of this
    /// machine that may use the same ones. All processes must ask.
    /// </summary>
    public int Threads(int? asked)
    {
        var processors = File.Exists(AffinityFile)
            ? File.ReadLines(AffinityFile).FirstOrDefault(line => line.StartsWith("Cpus_allowed:", StringComparison.Ordinal))
            : null;
        var mine = BitConverter.ToInt64(SHA256.HashData(Encoding.UTF8.GetBytes($"{Environment.MachineName} {processors}")));
        var sharing = _mpi?.Collect(mine).Count(other => other == mine) ?? 1;
        return asked ?? Math.Max(1, Environment.ProcessorCount / sharing);
    }

    /// <summary>
    /// Gets this process's slice of a minibatch; where there are fewer rows than processes, some get a row that counts nothing.
    /// </summary>
    /// <param name="rows">Rows of the minibatch.</param>
    /// <returns>The first row, the number of rows, and the part of the minibatch that they stand for.</returns>
    public (int First, int Count, double Share) Slice(int rows) => Slice(rows, Rank, Count);

    /// <summary>Gets the slice of a minibatch that one of several processes takes.</summary>
    internal static (int First, int Count, double Share) Slice(int rows, int rank, int ranks)
    {
        var (first, next) = ((int)((long)rows * rank / ranks), (int)((long)rows * (rank + 1) / ranks));
        return next > first ? (first, next - first, (next - first) / (double)rows) : (Math.Min(first, rows - 1), 1, 0);
    }

    /// <summary>Replaces values by their sums over all processes, which get the same bits.</summary>
    public void Sum(Span<float> values) => _mpi?.Sum(values);

    /// <summary>Replaces values by their sums over all processes, which get the same bits.</summary>
    public void Sum(Span<double> values) => _mpi?.Sum(values);

    /// <summary>Gets the first process's bytes in all of them.</summary>
    /// <param name="bytes">The bytes; those of other processes are left aside.</param>
    public byte[] Broadcast(byte[] bytes)
    {
        if (_mpi is null)
            return bytes;
        var length = _mpi.Await(bytes.Length);
        var all = IsFirst ? bytes : new byte[length];
        _mpi.Broadcast(all);
        return all;
    }

    /// <summary>Gets the first process's decision in all of them.</summary>
    public bool Decide(bool decision) => _mpi is null ? decision : _mpi.Await(decision ? 1 : 0) == 1;

    /// <summary>Tells whether something holds in all processes.</summary>
    public bool All(bool holds) => _mpi is null ? holds : _mpi.Collect(holds ? 1 : 0).All(value => value == 1);

    /// <summary>Waits until all processes have come here; each sees then what the others had written to memory that they share.</summary>
    public void Meet() => _mpi?.Meet();

    /// <summary>Refuses to train where this process has something else than the first one.</summary>
    /// <param name="what">What that would be, such as "other data".</param>
    /// <param name="mine">A text that tells it apart.</param>
    /// <exception cref="LatentException">The texts differ.</exception>
    public void RefuseOther(string what, string mine)
    {
        if (Encoding.UTF8.GetString(Broadcast(Encoding.UTF8.GetBytes(mine))) != mine)
            throw new LatentException($"This process has {what} than rank 0; all need the same command line, files and version of Latent.");
    }

    private static void RefuseLauncher(string name)
    {
        if (Variable(name) is > 1 and var started)
        {
            throw new LatentException(
                $"OpenMPI sees one process, but {name} says that {started} were started; start them with OpenMPI's own mpirun, or with srun --mpi=pmix."
            );
        }
    }

    private static int? Variable(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}

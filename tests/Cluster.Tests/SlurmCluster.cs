using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace Latent.Tests;

/// <summary>
/// A Slurm cluster of one node on loopback, in a folder of its own: munged, slurmctld and slurmd, which are stopped at the end. It is null
/// where Slurm isn't installed or doesn't start, with the reason.
/// </summary>
public sealed class SlurmCluster : IDisposable
{
    private static readonly string[] s_needed = ["munged", "slurmctld", "slurmd", "sbatch", "sinfo", "squeue", "scontrol", "scancel"];
    private readonly List<Process> _daemons = [];

    public SlurmCluster()
    {
        if (!OperatingSystem.IsLinux())
            Missing = "Slurm runs on Linux.";
        else if (s_needed.Any(name => Find(name) is null))
            Missing = "Slurm and munge are not installed here (Debian's packages slurm-wlm and munge).";
        else if (Environment.UserName != "root")
            Missing = "Slurm's daemons run as root, which this user is not.";
        else
            Start();
    }

    /// <summary>Why there is no cluster; null where there is one.</summary>
    public string? Missing { get; private set; }

    public string Folder { get; } = Directory.CreateTempSubdirectory("latent-slurm-").FullName;

    /// <summary>Runs one of Slurm's commands, and gives what it prints.</summary>
    public string Run(string command, string folder, params string[] arguments)
    {
        var start = StartInfo(command, arguments);
        start.WorkingDirectory = folder;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output.Trim()
            : throw new InvalidOperationException($"{command} {string.Join(' ', arguments)}: {output}{error.Result}");
    }

    /// <summary>The tasks of a job that have not ended, a line each with the number in the array and the state.</summary>
    public string[] Tasks(string job) =>
        Run("squeue", Folder, "--noheader", "--array", "--jobs", job, "--format=%K %T").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public void Dispose()
    {
        foreach (var daemon in Enumerable.Reverse(_daemons))
        {
            if (!daemon.HasExited)
                daemon.Kill(entireProcessTree: true);
            daemon.WaitForExit();
            daemon.Dispose();
        }

        Directory.Delete(Folder, recursive: true);
    }

    [SupportedOSPlatform("linux")]
    private void Start()
    {
        var name = Dns.GetHostName().Split('.')[0];
        foreach (var folder in (string[])["state", "spool", "munge"])
            Directory.CreateDirectory(Path.Combine(Folder, folder));
        File.WriteAllBytes(Path.Combine(Folder, "key"), RandomNumberGenerator.GetBytes(128));
        File.SetUnixFileMode(Path.Combine(Folder, "key"), UnixFileMode.UserRead);
        File.WriteAllText(
            Path.Combine(Folder, "slurm.conf"),
            $"""
            ClusterName=latent
            SlurmctldHost={name}(127.0.0.1)
            SlurmctldPort={FreePort()}
            SlurmdPort={FreePort()}
            SlurmUser=root
            SlurmdUser=root
            AuthType=auth/munge
            CredType=cred/munge
            # A requeued task waits until its credential has expired.
            AuthInfo=socket={Folder}/munge/socket,cred_expire=5
            StateSaveLocation={Folder}/state
            SlurmdSpoolDir={Folder}/spool
            SlurmctldPidFile={Folder}/slurmctld.pid
            SlurmdPidFile={Folder}/slurmd.pid
            ProctrackType=proctrack/linuxproc
            TaskPlugin=task/none
            MpiDefault=none
            SelectType=select/cons_tres
            SelectTypeParameters=CR_Core
            SlurmdParameters=config_overrides
            ReturnToService=2
            KillWait=2
            SchedulerParameters=sched_interval=1,batch_sched_delay=0,sched_min_interval=0,bf_interval=1
            NodeName={name} NodeAddr=127.0.0.1 CPUs=4 RealMemory=32000 State=UNKNOWN
            PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP

            """
        );
        string[] munged =
        [
            "--foreground",
            "--force",
            "--num-threads=2",
            $"--key-file={Folder}/key",
            $"--socket={Folder}/munge/socket",
            $"--pid-file={Folder}/munge/pid",
            $"--log-file={Folder}/munge/log",
            $"--seed-file={Folder}/munge/seed",
        ];
        if (
            !Begin("munged", munged, () => File.Exists($"{Folder}/munge/socket"))
            || !Begin("slurmctld", ["-D", "-i"], () => Answers("squeue"))
            || !Begin("slurmd", ["-D"], () => Answers("sinfo", "idle"))
        )
        {
            Missing = $"Slurm is installed, but {Path.GetFileName(_daemons[^1].StartInfo.FileName)} does not start: {_lastLine}";
        }
    }

    private string _lastLine = "";

    private bool Begin(string program, string[] arguments, Func<bool> isReady)
    {
        var daemon = new Process { StartInfo = StartInfo(program, arguments) };
        daemon.OutputDataReceived += (_, line) => _lastLine = line.Data ?? _lastLine;
        daemon.ErrorDataReceived += (_, line) => _lastLine = line.Data ?? _lastLine;
        daemon.Start();
        daemon.BeginOutputReadLine();
        daemon.BeginErrorReadLine();
        _daemons.Add(daemon);
        for (var i = 0; i < 200 && !daemon.HasExited; i++)
        {
            if (isReady())
                return true;
            Thread.Sleep(100);
        }

        return false;
    }

    private bool Answers(string command, string text = "")
    {
        try
        {
            return Run(command, Folder).Contains(text);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private ProcessStartInfo StartInfo(string command, string[] arguments)
    {
        var start = new ProcessStartInfo(Find(command)!, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["SLURM_CONF"] = Path.Combine(Folder, "slurm.conf");
        return start;
    }

    private static string? Find(string program) =>
        ((string[])["/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"])
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

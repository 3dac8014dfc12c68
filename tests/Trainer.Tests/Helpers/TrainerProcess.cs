using System.Diagnostics;
using Latent.Trainer.Runs;

namespace Latent.Trainer.Tests.Helpers;

/// <summary>The Trainer executable in a process of its own.</summary>
internal sealed class TrainerProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private TrainerProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        _process = Process.Start(start)!;
        _output = _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        _error = _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    public static string Program { get; } = typeof(TrainingRun).Assembly.Location;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Starts it in a folder.</summary>
    public static TrainerProcess Start(string folder, params string[] arguments) => Start(folder, arguments, []);

    /// <summary>Starts it in a folder, with variables of its own.</summary>
    public static TrainerProcess Start(string folder, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Program, .. arguments]) { WorkingDirectory = folder };
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        return new TrainerProcess(start);
    }

    /// <summary>
    /// Runs a shell script in a file system namespace of its own, where it may mount; "$@" in it is the program with its arguments.
    /// </summary>
    public static TrainerProcess Script(string folder, string script, params string[] arguments) =>
        new(
            new ProcessStartInfo(
                "unshare",
                ["--map-root-user", "--mount", "bash", "-c", script, "bash", "dotnet", "exec", Program, .. arguments]
            )
            {
                WorkingDirectory = folder,
            }
        );

    /// <summary>Whether <see cref="Script"/> may mount here.</summary>
    public static bool MayMount()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/unshare"))
            return false;
        using var trial = Process.Start(
            "unshare",
            ["--map-root-user", "--mount", "mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", Path.GetTempPath()]
        );
        trial.WaitForExit();
        return trial.ExitCode == 0;
    }

    public void Kill() => _process.Kill();

    /// <summary>Waits for its end.</summary>
    public (int Code, string Output, string Error) Wait()
    {
        _process.WaitForExit();
        return (_process.ExitCode, _output.Result, _error.Result);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}

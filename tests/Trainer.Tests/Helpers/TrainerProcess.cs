using System.Diagnostics;
using Latent.Trainer.Training;

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
    public static TrainerProcess Start(string folder, params string[] arguments) =>
        new(new ProcessStartInfo("dotnet", ["exec", Program, .. arguments]) { WorkingDirectory = folder });

    /// <summary>Starts it under a shell's command, which may set limits first.</summary>
    public static TrainerProcess StartLimited(string folder, string limits, params string[] arguments) =>
        new(new ProcessStartInfo("bash", ["-c", $"{limits}; exec \"$@\"", "bash", "dotnet", "exec", Program, .. arguments]) { WorkingDirectory = folder });

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

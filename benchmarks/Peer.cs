using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Latent.Benchmarks;

/// <summary>PyTorch eager on the same model, in a process of its own.</summary>
internal static class Peer
{
    private const string Python = "/usr/bin/python3";

    /// <summary>The peer's script, or null where it or python3-torch is missing.</summary>
    public static string? Find()
    {
        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "shared", "peers", "torch_train.py");
            if (File.Exists(script))
                return File.Exists(Python) && Run("-c", "import torch") is not null ? script : null;
        }

        return null;
    }

    /// <summary>Samples a second.</summary>
    public static double Measure(string script, string model, double seconds, int threads, bool tuned)
    {
        string[] arguments = [script, "--models", model, "--seconds", seconds.ToString(CultureInfo.InvariantCulture), "--threads", $"{threads}", .. tuned ? (string[])["--tuned"] : []];
        var line = Run(arguments) ?? throw new InvalidOperationException($"{Python} {string.Join(' ', arguments)} failed; run it by hand to see why.");
        using var json = JsonDocument.Parse(line.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        return json.RootElement.GetProperty("samples_per_s").GetDouble();
    }

    private static string? Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        errors.Wait();
        return process.ExitCode == 0 ? output : null;
    }
}

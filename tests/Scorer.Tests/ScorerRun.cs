using System.Diagnostics;
using Latent.Scorer.Commands;

[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace Latent.Tests;

/// <summary>A run of the command line in this process, or in one of its own where its standard streams or signals matter.</summary>
internal sealed record ScorerRun(int Code, string Output, string Error)
{
    public static ScorerRun Of(params string[] args)
    {
        var (output, error) = (Console.Out, Console.Error);
        using var outputText = new StringWriter();
        using var errorText = new StringWriter();
        Console.SetOut(outputText);
        Console.SetError(errorText);
        try
        {
            var code = ScorerCommandLine.Run(args);
            return new ScorerRun(code, outputText.ToString(), errorText.ToString());
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }

    public static Process Start(params string[] args) => Process.Start(StartInfo(args))!;

    public static ProcessStartInfo StartInfo(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(typeof(ScorerCommandLine).Assembly.Location);
        foreach (var arg in args)
            start.ArgumentList.Add(arg);
        return start;
    }

    /// <summary>One sentence, and no stack trace.</summary>
    public string Sentence()
    {
        var line = Error.Trim();
        Assert.DoesNotContain('\n', line);
        Assert.DoesNotContain("   at ", line);
        Assert.DoesNotContain("bug in Latent", line);
        Assert.NotEmpty(line);
        return line;
    }
}

using System.CommandLine;
using System.CommandLine.Parsing;
using Latent.Contracts;

namespace Latent.CommandLine;

/// <summary>Runs a command line: errors become one sentence on standard error and an exit code, never a stack trace.</summary>
internal static class CommandRunner
{
    /// <summary>Parses a command line and runs its command.</summary>
    /// <param name="root">The program's commands.</param>
    /// <param name="args">Arguments of the process.</param>
    /// <param name="stopped">Sentence that says what remains when the command was stopped.</param>
    /// <param name="lessMemory">Options that reduce the memory a command takes, such as "a smaller --batch-size".</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(RootCommand root, string[] args, string stopped, string lessMemory)
    {
        var parsed = root.Parse(args);
        // Help is shown, and completions are suggested, even where the rest of the command line is incomplete.
        var asks = parsed.Action is HelpWithExamples || parsed.Tokens is [{ Type: TokenType.Directive }, ..];
        if (!asks && ParseErrors.Of(parsed) is { } error)
            return Complain(error, ExitCodes.Usage);
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception e)
        {
            return e switch
            {
                UsageException => Complain(e.Message, ExitCodes.Usage),
                LatentException or IOException or UnauthorizedAccessException => Complain(e.Message, ExitCodes.Failed),
                OperationCanceledException => Complain(stopped, ExitCodes.Interrupted),
                OutOfMemoryException => Complain($"There is not enough memory; try {lessMemory}.", ExitCodes.Failed),
                _ => Complain($"This is a bug in Latent ({e.GetType().Name}): {e.Message}", ExitCodes.Failed),
            };
        }
    }

    private static int Complain(string message, int code)
    {
        Console.Error.WriteLine(Printable.Of(message.ReplaceLineEndings(" ").Trim()));
        return code;
    }
}

using Spectre.Console;

namespace Latent.CommandLine;

/// <summary>Standard output as a console for tables and progress.</summary>
internal static class Terminal
{
    /// <summary>Opens standard output; colors and cursor movements are written to a terminal but never to a pipe or a file.</summary>
    /// <param name="output">Standard output, or standard error; null for standard output.</param>
    public static IAnsiConsole Open(TextWriter? output = null)
    {
        var isError = output == Console.Error;
        return AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = (isError ? Console.IsErrorRedirected : Console.IsOutputRedirected) ? AnsiSupport.No : AnsiSupport.Detect,
                Out = new AnsiConsoleOutput(output ?? Console.Out),
            }
        );
    }
}

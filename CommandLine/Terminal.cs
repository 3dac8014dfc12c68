using Spectre.Console;

namespace Latent.CommandLine;

/// <summary>Standard output as a console for tables and progress.</summary>
internal static class Terminal
{
    /// <summary>Opens standard output; colors and cursor movements are written to a terminal but never to a pipe or a file.</summary>
    public static IAnsiConsole Open() =>
        AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
                Out = new AnsiConsoleOutput(Console.Out),
            }
        );
}

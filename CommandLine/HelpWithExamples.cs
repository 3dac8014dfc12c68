using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Latent.CommandLine;

/// <summary>Shows the help of a command, followed by examples of that command and, for the program itself, its exit codes.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private const string ExitCodeList = """
        Exit codes:
          0    done
          1    failed
          2    wrong command line
          3    done, but rows or images that can't be read were skipped
        """;

    private const string LastExitCode = "  130  stopped by Ctrl-C or a signal";

    private readonly HelpAction _help;
    private readonly IReadOnlyDictionary<string, string> _examples;
    private readonly string? _ownExitCode;

    private HelpWithExamples(HelpAction help, IReadOnlyDictionary<string, string> examples, string? ownExitCode)
    {
        _help = help;
        _examples = examples;
        _ownExitCode = ownExitCode;
    }

    /// <summary>Gets true: help is shown even where required arguments are missing.</summary>
    public override bool ClearsParseErrors => true;

    /// <summary>Adds examples to the help of a program.</summary>
    /// <param name="root">The program's commands.</param>
    /// <param name="examples">Examples by the command's name; those of the program itself have the name "".</param>
    /// <param name="ownExitCode">A line about an exit code that only this program has; null for none.</param>
    public static void AddTo(RootCommand root, IReadOnlyDictionary<string, string> examples, string? ownExitCode = null)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new HelpWithExamples((HelpAction)option.Action!, examples, ownExitCode);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        // System.CommandLine lists the root's arguments in the usage of each command, where they can't be given.
        foreach (var argument in parseResult.RootCommandResult.Command.Arguments)
            argument.Hidden = command is not RootCommand;
        var code = _help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        // Only the tool has the command train, which stands for Trainer without a command.
        var name = command is RootCommand || !_examples.ContainsKey(command.Name) ? "" : command.Name;
        foreach (var line in Invocation.Of(_examples[name], command.Name == "train" ? "train" : "").ReplaceLineEndings("\n").Split('\n'))
            output.WriteLine($"  {line}");
        if (command is RootCommand)
        {
            output.WriteLine($"{Environment.NewLine}{ExitCodeList}");
            if (_ownExitCode is not null)
                output.WriteLine(_ownExitCode);
            output.WriteLine(LastExitCode);
        }

        return code;
    }
}

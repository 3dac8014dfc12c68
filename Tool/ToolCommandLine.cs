using System.CommandLine;
using Latent.CommandLine;
using Latent.Scorer.Commands;
using Latent.Trainer.Commands;

namespace Latent.Tool;

/// <summary>Joins the commands of Trainer and Scorer into one program.</summary>
internal static class ToolCommandLine
{
    private const string Engine = "LATENT_ENGINE";

    private static readonly Dictionary<string, string> s_examples = new()
    {
        [""] = """
            latent train digits-vae
            latent train table --data table.csv
            latent score --model artifacts/table --input today.csv --output scores.csv
            latent COMMAND --help
            """,
        ["completion"] = """
            latent completion bash > ~/.local/share/bash-completion/completions/latent
            """,
    };

    /// <summary>Runs the program.</summary>
    /// <param name="args">Arguments of the process.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static int Run(string[] args)
    {
        // libtorch is no part of the package.
        if (Environment.GetEnvironmentVariable(Engine) is null)
            Environment.SetEnvironmentVariable(Engine, "managed");
        var (scorer, trainer) = (ScorerCommandLine.Root(), TrainerCommandLine.ToolRoot(args));
        if (args is [var name, ..] && Has(scorer, name))
            return ScorerCommandLine.Run(args);
        if (args is [var other, ..] && Has(trainer, other))
            return TrainerCommandLine.RunTool(args);
        var root = new RootCommand("Trains autoencoders, and runs them on tables and images.");
        foreach (var command in trainer.Subcommands.Concat(scorer.Subcommands))
            root.Add(command);
        root.Add(Completion());
        HelpWithExamples.AddTo(root, s_examples, "  4    done; the rows have drifted from the training rows (drift only)");
        return CommandRunner.Run(root, args, "Stopped.", "less at a time");
    }

    private static bool Has(RootCommand root, string name) => root.Subcommands.Any(command => command.Name == name);

    private static Command Completion()
    {
        var shell = OptionFactory.ChoiceArgument("SHELL", "bash, zsh or pwsh.", "bash", "zsh", "pwsh");
        var command = new Command("completion", "Prints a script for a shell that completes this program's commands and options.")
        {
            shell,
        };
        command.SetAction(parsed => Console.Out.WriteLine(CompletionScript.Of(parsed.GetRequiredValue(shell))));
        return command;
    }
}

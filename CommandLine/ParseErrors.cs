using System.CommandLine;
using System.CommandLine.Parsing;
using Latent.Contracts;

namespace Latent.CommandLine;

/// <summary>Describes what is wrong with a command line.</summary>
internal static class ParseErrors
{
    /// <summary>Describes the first error in one sentence.</summary>
    /// <param name="parsed">The parsed command line.</param>
    /// <returns>The sentence; null where nothing is wrong.</returns>
    public static string? Of(ParseResult parsed) => Misspelled(parsed) ?? Library(parsed) ?? Empty(parsed);

    // A misspelled name makes System.CommandLine miss a required option or a command, or take the name for an argument, so that this is
    // looked for first.
    private static string? Misspelled(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var arguments = parsed
            .CommandResult.Children.OfType<ArgumentResult>()
            .SelectMany(result => result.Tokens)
            .Select(token => token.Value);
        var words = arguments.Concat(parsed.UnmatchedTokens).ToList();
        if (words.Find(word => word.Length > 1 && word[0] == '-') is { } option)
        {
            var name = option.Split('=', ':')[0];
            var near = NearestName.Suggest(name, command.Options.Where(known => !known.Hidden).Select(known => known.Name));
            return $"There is no option {name}{Of(command)}; {(near is null ? "see --help." : $"did you mean {near}?")}";
        }

        if (parsed.UnmatchedTokens.Count == 0)
            return null;
        string[] commands = [.. command.Subcommands.Select(known => known.Name)];
        if (NearestName.Suggest(words[0], commands) is { } meant)
            return $"There is no command '{words[0]}'; did you mean {meant}?";
        return command.Arguments.Count == 0 && commands.Length > 0
            ? $"There is no command '{words[0]}'; it must be {OptionFactory.Or(commands)}."
            : $"The argument '{parsed.UnmatchedTokens[0]}'{Of(command)} is one too many; see --help.";
    }

    // Our own messages say what would be right after a semicolon.
    private static string? Library(ParseResult parsed) =>
        parsed.Errors.Count == 0 ? null
        : parsed.Errors[0].Message is var message && message.Contains(';', StringComparison.Ordinal) ? message
        : $"{message.TrimEnd('.')}; see --help.";

    private static string? Empty(ParseResult parsed)
    {
        if (!parsed.Tokens.Any(token => token.Value.Length == 0))
            return null;
        var option = parsed
            .CommandResult.Children.OfType<OptionResult>()
            .FirstOrDefault(result => result.Tokens.Any(token => token.Value.Length == 0));
        return $"{option?.Option.Name ?? "An argument"} is empty; check that the shell variable it comes from is set.";
    }

    private static string Of(Command command) => command is RootCommand ? "" : $" of {command.Name}";
}

using System.CommandLine;
using System.Text.RegularExpressions;

namespace Latent.CommandLine;

/// <summary>Writes command lines as they must be typed: those of a clone, or in the installed tool those of the tool.</summary>
internal static partial class Invocation
{
    /// <summary>The name of the installed tool.</summary>
    public const string Tool = "latent";

    /// <summary>Gets whether this program is the installed tool.</summary>
    public static bool IsTool { get; } = RootCommand.ExecutableName == Tool;

    /// <summary>Changes the command lines in a text, which are those of a clone, to those of this program.</summary>
    /// <param name="text">The text.</param>
    /// <param name="command">The command of the tool that the lines leave out; "" for none.</param>
    public static string Of(string text, string command = "") => IsTool ? OfTool(text, command) : text;

    /// <summary>Changes the command lines in a text to those of the installed tool.</summary>
    public static string OfTool(string text, string command) =>
        ClonePattern().Replace(text, command.Length == 0 ? Tool : $"{Tool} {command}");

    [GeneratedRegex(@"dotnet run (-c Release )?--project (Trainer|Scorer)( --)?(?=\s|$)", RegexOptions.Multiline)]
    private static partial Regex ClonePattern();
}

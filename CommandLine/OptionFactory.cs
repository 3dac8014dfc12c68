using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Latent.Contracts;

namespace Latent.CommandLine;

/// <summary>Makes options and arguments that name the option, the value and what would be right when a value is wrong.</summary>
internal static class OptionFactory
{
    /// <summary>Reads a value from text.</summary>
    /// <returns>Whether the text is such a value.</returns>
    public delegate bool Reader<T>(string text, out T value);

    /// <summary>Makes an option whose value is a whole number.</summary>
    /// <param name="name">Name of the option, such as "--epochs".</param>
    /// <param name="description">What help shows.</param>
    /// <param name="min">The smallest number allowed.</param>
    /// <param name="max">The largest number allowed.</param>
    public static Option<long?> WholeNumber(string name, string description, long min, long max = int.MaxValue) =>
        Parsed<long?>(
            name,
            "N",
            description,
            $"a whole number from {min} to {max}",
            (text, out value) =>
            {
                value = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
                return value >= min && value <= max;
            }
        );

    /// <summary>Makes an option whose value is one of a few words.</summary>
    /// <param name="name">Name of the option.</param>
    /// <param name="description">What help shows.</param>
    /// <param name="values">The words.</param>
    public static Option<string?> Choice(string name, string description, params string[] values)
    {
        var option = new Option<string?>(name)
        {
            Description = description,
            HelpName = string.Join('|', values),
            CustomParser = result => Chosen(result, name, values),
        };
        option.CompletionSources.Add(values);
        return option;
    }

    /// <summary>Makes an argument whose value is one of a few words.</summary>
    /// <param name="name">Name of the argument, such as "WHAT".</param>
    /// <param name="description">What help shows.</param>
    /// <param name="values">The words.</param>
    public static Argument<string> ChoiceArgument(string name, string description, params string[] values)
    {
        var argument = new Argument<string>(name)
        {
            Description = description,
            HelpName = name,
            CustomParser = result => Chosen(result, name, values),
        };
        argument.CompletionSources.Add(values);
        return argument;
    }

    /// <summary>Makes an option whose value is read by a function.</summary>
    /// <param name="name">Name of the option.</param>
    /// <param name="helpName">Name of the value in help, such as "I/N".</param>
    /// <param name="description">What help shows.</param>
    /// <param name="expected">What the value must be, such as "one character".</param>
    /// <param name="read">Reads the value.</param>
    public static Option<T> Parsed<T>(string name, string helpName, string description, string expected, Reader<T> read) =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (!read(text, out var value))
                    result.AddError($"{name} is '{text}'; it must be {expected}.");
                return value;
            },
        };

    /// <summary>Joins words as "a, b or c".</summary>
    public static string Or(IReadOnlyList<string> words) => $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";

    private static string? Chosen(ArgumentResult result, string name, string[] values)
    {
        var text = result.Tokens[0].Value;
        if (!values.Contains(text))
        {
            var hint = NearestName.Suggest(text, values) is { } near ? $"did you mean {near}?" : $"it must be {Or(values)}.";
            result.AddError($"{name} is '{text}'; {hint}");
        }

        return text;
    }
}

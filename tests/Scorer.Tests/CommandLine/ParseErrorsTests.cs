using System.CommandLine;
using Latent.CommandLine;

namespace Latent.Tests;

public sealed class ParseErrorsTests
{
    [Theory]
    [InlineData("lits", null)]
    [InlineData("shwo x", "There is no command 'shwo'; did you mean show?")]
    [InlineData("x y", "The argument 'y' is one too many; see --help.")]
    [InlineData("show x y", "The argument 'y' of show is one too many; see --help.")]
    [InlineData("show", "Required argument 'NAME' missing for command: 'show'; see --help.")]
    [InlineData("--epohcs 3", "There is no option --epohcs; did you mean --epochs?")]
    [InlineData("x --epohcs=3", "There is no option --epohcs; did you mean --epochs?")]
    [InlineData("show x --epochs 3", "There is no option --epochs of show; see --help.")]
    [InlineData("show x --mdoe fast", "There is no option --mdoe of show; did you mean --mode?")]
    [InlineData("show x --mode fats", "--mode is 'fats'; did you mean fast?")]
    [InlineData("show x --mode 7", "--mode is '7'; it must be fast, slow or off.")]
    [InlineData("--epochs", "Required argument missing for option: '--epochs'; see --help.")]
    [InlineData("--epochs 0", "--epochs is '0'; it must be a whole number from 1 to 9.")]
    [InlineData("--epochs 10", "--epochs is '10'; it must be a whole number from 1 to 9.")]
    [InlineData("--epochs 1.5", "--epochs is '1.5'; it must be a whole number from 1 to 9.")]
    [InlineData("--epochs 9", null)]
    [InlineData("--out ''", "--out is empty; check that the shell variable it comes from is set.")]
    [InlineData("''", "An argument is empty; check that the shell variable it comes from is set.")]
    public void What_is_wrong_is_said_in_one_sentence_with_the_nearest_name(string line, string? message)
    {
        var root = new RootCommand
        {
            new Argument<string>("NAME") { DefaultValueFactory = _ => "none" },
            OptionFactory.WholeNumber("--epochs", "", 1, 9),
            new Option<string?>("--out"),
            new Command("list"),
            new Command("show") { new Argument<string>("NAME"), OptionFactory.Choice("--mode", "", "fast", "slow", "off") },
        };
        root.SetAction(_ => 0);
        Assert.Equal(message, ParseErrors.Of(root.Parse([.. line.Split(' ').Select(word => word == "''" ? "" : word)])));
    }
}

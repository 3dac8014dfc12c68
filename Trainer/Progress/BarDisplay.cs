using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Training;
using Spectre.Console;

namespace Latent.Trainer.Progress;

/// <summary>Shows a progress bar with loss, rate and time left below one line per epoch, for terminals.</summary>
public sealed class BarDisplay : ITrainingDisplay
{
    // The bar, the percentage and a column between each two.
    private const int BarWidth = 20;
    private const int BesideText = BarWidth + 1 + 4 + 1;
    private readonly IAnsiConsole _console;
    private readonly ProgressTask _bar;

    private BarDisplay(IAnsiConsole console, ProgressTask bar)
    {
        _console = console;
        _bar = bar;
    }

    /// <summary>Shows the bar during a run.</summary>
    /// <param name="console">The terminal.</param>
    /// <param name="run">The run, which is given the display.</param>
    public static T During<T>(IAnsiConsole console, Func<ITrainingDisplay, T> run) =>
        console
            .Progress()
            .AutoClear(true)
            .Columns(
                new ProgressBarColumn { Width = BarWidth },
                new PercentageColumn(),
                new TaskDescriptionColumn { Alignment = Justify.Left }
            )
            .Start(context => run(new BarDisplay(console, context.AddTask("starting", maxValue: 1))));

    /// <inheritdoc/>
    public void Say(string message) => _console.MarkupLineInterpolated($"[grey]{Filled(Printable.Of(message))}[/]");

    /// <inheritdoc/>
    public void Step(StepProgress progress)
    {
        _bar.Value = progress.Fraction;
        _bar.Description = Markup.Escape(Text(progress, _console.Profile.Width - BesideText));
    }

    /// <inheritdoc/>
    public void Epoch(EpochRecord record, int epochs)
    {
        _console.WriteLine(Filled(LineDisplay.Text(record, epochs, _console.Profile.Width - 1)));
        _bar.Value = record.Epoch / (double)epochs;
        if (record.Epoch == epochs)
            _bar.Description = "writing the bundle";
    }

    /// <summary>Formats the text beside the bar; what matters least is left out where the terminal is narrow.</summary>
    /// <param name="progress">Where training stands.</param>
    /// <param name="width">Columns of the text, at most.</param>
    internal static string Text(StepProgress progress, int width)
    {
        var loss = progress.Losses.GetValueOrDefault("loss");
        return ProgressText.Fit(
            width,
            [
                (0, $"epoch {progress.Epoch}/{progress.Epochs}"),
                (1, $"loss {MetricFormat.Short(loss)}"),
                .. new[] { (Rank: 3, Term: "kl"), (Rank: 5, Term: "reconstruction") }
                    .Where(part => progress.Losses.TryGetValue(part.Term, out var value) && value != loss)
                    .Select(part => (part.Rank, $"{part.Term} {MetricFormat.Short(progress.Losses[part.Term])}")),
                (4, MetricFormat.Rate(progress.SamplesPerSecond)),
                (2, progress.Left is { } left ? $"{ProgressText.Time(left)} left" : ""),
            ]
        );
    }

    // Spectre.Console writes over the bar without erasing it; blanks to the end of the last row erase it.
    private string Filled(string text)
    {
        var width = Math.Max(2, _console.Profile.Width);
        return text.PadRight((((text.Length / width) + 1) * width) - 1);
    }
}

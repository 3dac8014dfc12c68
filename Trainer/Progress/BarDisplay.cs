using Latent.Contracts;
using Latent.Contracts.Training;
using Spectre.Console;

namespace Latent.Trainer.Progress;

/// <summary>A bar with loss, rate and time left below the lines of the epochs: for terminals.</summary>
public sealed class BarDisplay : ITrainingDisplay
{
    private readonly IAnsiConsole _console;
    private readonly ProgressTask _bar;

    private BarDisplay(IAnsiConsole console, ProgressTask bar)
    {
        _console = console;
        _bar = bar;
    }

    /// <summary>Shows the bar while a run is made.</summary>
    /// <param name="console">The terminal.</param>
    /// <param name="run">The run.</param>
    public static T During<T>(IAnsiConsole console, Func<ITrainingDisplay, T> run) =>
        console.Progress()
            .AutoClear(true)
            .Columns(new ProgressBarColumn { Width = 24 }, new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .Start(context => run(new BarDisplay(console, context.AddTask("starting", maxValue: 1))));

    /// <inheritdoc/>
    public void Say(string message) => _console.MarkupLineInterpolated($"[grey]{Filled(Printable.Of(message))}[/]");

    /// <inheritdoc/>
    public void Step(StepProgress progress)
    {
        _bar.Value = progress.Fraction;
        _bar.Description = Markup.Escape(Text(progress));
    }

    /// <inheritdoc/>
    public void Epoch(EpochRecord record, int epochs)
    {
        _console.WriteLine(Filled(LineDisplay.Text(record, epochs)));
        _bar.Value = record.Epoch / (double)epochs;
        if (record.Epoch == epochs)
            _bar.Description = "writing the bundle";
    }

    /// <summary>What stands beside the bar.</summary>
    internal static string Text(StepProgress progress)
    {
        var left = progress.Left is { } time ? $"  {MetricFormat.Time(time)} left" : "";
        return $"epoch {progress.Epoch}/{progress.Epochs}  loss {MetricFormat.Loss(progress.Losses.GetValueOrDefault("loss"))}{Terms(progress)}  {MetricFormat.Rate(progress.SamplesPerSecond)}{left}";
    }

    // Spectre.Console writes over the bar without erasing it: blanks to the end of the last row do.
    private string Filled(string text)
    {
        var width = Math.Max(2, _console.Profile.Width);
        return text.PadRight((((text.Length / width) + 1) * width) - 1);
    }

    private static string Terms(StepProgress progress) =>
        string.Concat(progress.Losses.Where(term => term.Key is "reconstruction" or "kl" && term.Value != progress.Losses["loss"]).Select(term => $"  {term.Key} {MetricFormat.Loss(term.Value)}"));
}

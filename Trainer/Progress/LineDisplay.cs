using System.Globalization;
using Latent.CommandLine;
using Latent.Contracts;
using Latent.Contracts.Training;

namespace Latent.Trainer.Progress;

/// <summary>Writes one plain line per epoch, for pipes and logs.</summary>
/// <param name="output">The writer of the lines.</param>
public sealed class LineDisplay(TextWriter output) : ITrainingDisplay
{
    private const int Width = 80;

    /// <inheritdoc/>
    public void Say(string message) => output.WriteLine(Printable.Of(message));

    /// <inheritdoc/>
    public void Step(StepProgress progress) { }

    /// <inheritdoc/>
    public void Epoch(EpochRecord record, int epochs) => output.WriteLine(Text(record, epochs, Width));

    /// <summary>
    /// Formats an epoch as a line. What matters least is left out where the line would be too long; training.jsonl has everything.
    /// </summary>
    /// <param name="record">The epoch.</param>
    /// <param name="epochs">Number of epochs of the run.</param>
    /// <param name="width">Columns of the line, at most.</param>
    internal static string Text(EpochRecord record, int epochs, int width)
    {
        var digits = epochs.ToString(CultureInfo.InvariantCulture).Length;
        var epoch = record.Epoch.ToString(CultureInfo.InvariantCulture).PadLeft(digits);
        var kl = record.Train.TryGetValue("kl", out var value) ? $" (kl {MetricFormat.Short(value)})" : "";
        var validation = record.Validation is { } losses ? $"validation {MetricFormat.Short(Total(losses))}" : "";
        return ProgressText.Fit(
            width,
            (0, $"epoch {epoch}/{epochs}"),
            (0, $"train {MetricFormat.Short(Total(record.Train))}{kl}"),
            (1, validation),
            (3, MetricFormat.Rate(record.SamplesPerS)),
            (2, ProgressText.Time(TimeSpan.FromSeconds(record.Seconds)))
        );
    }

    private static double Total(IReadOnlyDictionary<string, double> losses) => losses.GetValueOrDefault("loss", double.NaN);
}

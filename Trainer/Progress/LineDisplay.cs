using System.Globalization;
using Latent.Contracts;
using Latent.Contracts.Training;

namespace Latent.Trainer.Progress;

/// <summary>One plain line an epoch: for pipes and logs.</summary>
/// <param name="output">Where lines go.</param>
public sealed class LineDisplay(TextWriter output) : ITrainingDisplay
{
    /// <inheritdoc/>
    public void Say(string message) => output.WriteLine(Printable.Of(message));

    /// <inheritdoc/>
    public void Step(StepProgress progress)
    {
    }

    /// <inheritdoc/>
    public void Epoch(EpochRecord record, int epochs) => output.WriteLine(Text(record, epochs));

    /// <summary>An epoch's line.</summary>
    internal static string Text(EpochRecord record, int epochs)
    {
        var width = epochs.ToString(CultureInfo.InvariantCulture).Length;
        var epoch = record.Epoch.ToString(CultureInfo.InvariantCulture).PadLeft(width);
        var validation = record.Validation is { } losses ? $"  validation {MetricFormat.Losses(losses)}" : "";
        return $"epoch {epoch}/{epochs}  train {MetricFormat.Losses(record.Train)}{validation}  {MetricFormat.Rate(record.SamplesPerS)}  {MetricFormat.Time(TimeSpan.FromSeconds(record.Seconds))}";
    }
}

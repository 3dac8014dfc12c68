using Latent.Contracts.Training;

namespace Latent.Trainer.Tests.Helpers;

/// <summary>Remembers what it was shown, and does something at the end of an epoch or when it is told something.</summary>
internal sealed class RecordingDisplay(Action<int>? atEpoch = null, Action<string>? said = null) : ITrainingDisplay
{
    public List<string> Said { get; } = [];

    public List<EpochRecord> Epochs { get; } = [];

    public void Say(string message)
    {
        Said.Add(message);
        said?.Invoke(message);
    }

    public void Step(StepProgress progress) { }

    public void Epoch(EpochRecord record, int epochs)
    {
        Epochs.Add(record);
        atEpoch?.Invoke(record.Epoch);
    }
}

namespace Latent.Contracts.Training;

/// <summary>Is shown how training goes.</summary>
public interface ITrainingDisplay
{
    /// <summary>Something to know, in one sentence.</summary>
    void Say(string message);

    /// <summary>Training goes on; comes about ten times a second.</summary>
    void Step(StepProgress progress);

    /// <summary>An epoch is over.</summary>
    /// <param name="record">Its figures.</param>
    /// <param name="epochs">Number of epochs of the run.</param>
    void Epoch(EpochRecord record, int epochs);
}

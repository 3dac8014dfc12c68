namespace Latent.Trainer.Training;

/// <summary>A loss or a weight became NaN or infinite.</summary>
/// <param name="message">What, and where: a part of a sentence.</param>
internal sealed class DivergenceException(string message) : Exception(message);

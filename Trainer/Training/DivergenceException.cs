namespace Latent.Trainer.Training;

/// <summary>Represents the error that a loss or a weight became NaN or infinite.</summary>
/// <param name="message">What became so, and where: a part of a sentence.</param>
internal sealed class DivergenceException(string message) : Exception(message);

namespace Latent.Trainer.Evaluation;

/// <summary>Represents a figure with its 95% interval.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
internal readonly record struct Estimate(double Value, double Low, double High);

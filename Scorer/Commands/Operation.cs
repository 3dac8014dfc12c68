namespace Latent.Scorer.Commands;

/// <summary>What is computed of each row.</summary>
internal enum Operation
{
    Encode,
    Reconstruct,
    Denoise,
    Score,
    Sample,
}

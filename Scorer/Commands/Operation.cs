namespace Latent.Scorer.Commands;

/// <summary>Names what is computed for each row.</summary>
internal enum Operation
{
    Encode,
    Reconstruct,
    Denoise,
    Score,
    Sample,
    Drift,
}

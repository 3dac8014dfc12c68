namespace Latent.Contracts.Bundles;

/// <summary>Identifies the bundle whose weights a training started from.</summary>
/// <param name="Name">Name of the bundle.</param>
/// <param name="Epochs">Number of epochs that its model had been trained for.</param>
/// <param name="Sha256">SHA-256 of its checkpoint.safetensors, in lower-case hexadecimal.</param>
public sealed record InitialWeights(string Name, int Epochs, string Sha256)
{
    /// <summary>Formats the bundle for people, with the beginning of the hash only.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Name} after {Epochs:N0} epochs, SHA-256 {Sha256[..Math.Min(16, Sha256.Length)]}…");
}

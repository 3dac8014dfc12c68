namespace Latent.Contracts.Bundles;

/// <summary>The bundle whose weights a training started from.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Epochs">Epochs that it had been trained for.</param>
/// <param name="Sha256">Of its checkpoint.safetensors; hexadecimal, lower case.</param>
public sealed record InitialWeights(string Name, int Epochs, string Sha256)
{
    /// <summary>For a person, who knows the hash by its beginning.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Name} after {Epochs:N0} epochs, SHA-256 {Sha256[..Math.Min(16, Sha256.Length)]}…");
}

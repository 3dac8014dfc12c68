namespace Latent.Contracts.Bundles;

/// <summary>
/// Describes the columns of <see cref="TensorNames.Noise"/>: first draws from N(0, 1), then draws that are uniform in [0, 1).
/// </summary>
/// <param name="Normal">Number of standard normal columns, at least 0.</param>
/// <param name="Uniform">Number of uniform columns after them, at least 0.</param>
public sealed record NoiseDescription(int Normal, int Uniform)
{
    /// <summary>Counts the columns.</summary>
    internal int Count() => Normal + Uniform;
}

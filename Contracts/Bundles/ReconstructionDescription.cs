namespace Latent.Contracts.Bundles;

/// <summary>What the reconstruction term of a bundle measures.</summary>
/// <param name="Likelihood">"bernoulli" (cross-entropy in nats) or "meanSquaredError" (on model units, see the recipe's scaling).</param>
/// <param name="Reduction">"sum" or "mean" over the features of a row.</param>
public sealed record ReconstructionDescription(string Likelihood, string Reduction);

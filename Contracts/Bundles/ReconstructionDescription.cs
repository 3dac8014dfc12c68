using Latent.Contracts.Recipes;

namespace Latent.Contracts.Bundles;

/// <summary>Describes what the reconstruction term of a bundle measures.</summary>
/// <param name="Likelihood">Cross-entropy in nats, or squared error on model units (see the recipe's scaling).</param>
/// <param name="Reduction">Whether it is summed or averaged over the features of a row.</param>
public sealed record ReconstructionDescription(ReconstructionKind Likelihood, ReductionKind Reduction);

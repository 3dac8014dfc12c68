namespace Latent.Contracts.Recipes;

/// <summary>Reconstruction terms.</summary>
public enum ReconstructionKind
{
    /// <summary>Squared error on model units.</summary>
    MeanSquaredError,

    /// <summary>Binary cross-entropy of logits, in nats.</summary>
    Bernoulli,
}

/// <summary>How the reconstruction term is reduced over the features of a row.</summary>
public enum ReductionKind
{
    /// <summary>Summed.</summary>
    Sum,

    /// <summary>Averaged.</summary>
    Mean,
}

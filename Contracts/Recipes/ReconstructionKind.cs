namespace Latent.Contracts.Recipes;

/// <summary>Specifies the reconstruction term.</summary>
public enum ReconstructionKind
{
    /// <summary>Squared error on model units.</summary>
    MeanSquaredError,

    /// <summary>Binary cross-entropy of logits, in nats.</summary>
    Bernoulli,
}

/// <summary>Specifies how the reconstruction term is reduced over the features of a row.</summary>
public enum ReductionKind
{
    /// <summary>Summed.</summary>
    Sum,

    /// <summary>Averaged.</summary>
    Mean,
}

namespace Latent.Contracts.Bundles;

/// <summary>Whether codes are points or distributions.</summary>
public enum ModelKind
{
    /// <summary>The encoder gives a point.</summary>
    Autoencoder,

    /// <summary>The encoder gives mean and log-variance of a diagonal normal distribution.</summary>
    Variational,
}

namespace Latent.Contracts.Bundles;

/// <summary>Specifies whether codes are points or distributions.</summary>
public enum ModelKind
{
    /// <summary>The encoder gives one point per row.</summary>
    Autoencoder,

    /// <summary>The encoder gives the mean and log-variance of a diagonal normal distribution.</summary>
    Variational,
}

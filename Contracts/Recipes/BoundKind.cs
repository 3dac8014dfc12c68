namespace Latent.Contracts.Recipes;

/// <summary>Specifies the bound on the likelihood.</summary>
public enum BoundKind
{
    /// <summary>ELBO with the KL in closed form (Kingma and Welling 2014, eq. 10).</summary>
    Elbo,

    /// <summary>ELBO by sampling alone: mean over K of log p(x|z) + log p(z) - log q(z|x).</summary>
    MonteCarloElbo,

    /// <summary>Importance-weighted bound, log-mean-exp over K (Burda et al. 2016, eq. 8).</summary>
    Iwae,

    /// <summary>Its doubly reparameterized gradient (Tucker et al. 2019, eq. 8).</summary>
    Dreg,
}

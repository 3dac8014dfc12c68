namespace Latent.Contracts;

/// <summary>The names of a bundle's graph inputs and outputs. The first axis of each is dynamic and named <see cref="Batch"/>.</summary>
public static class TensorNames
{
    /// <summary>The dynamic first axis.</summary>
    public const string Batch = "batch";

    /// <summary>Rows in the data's own units, [batch, …]: input of encoder and autoencoder.</summary>
    public const string Input = "input";

    /// <summary>Mean of q(z|x), or the code of a plain autoencoder, [batch, z].</summary>
    public const string LatentMean = "latent_mean";

    /// <summary>Natural logarithm of the variance of q(z|x), clamped to [-30, 20], [batch, z]; variational bundles only.</summary>
    public const string LatentLogVariance = "latent_log_variance";

    /// <summary>A point in latent space, [batch, z]: input of the decoder.</summary>
    public const string Latent = "latent";

    /// <summary>The reconstruction in the data's own units, [batch, …].</summary>
    public const string Output = "output";

    /// <summary>The objective's reconstruction term of each row at the mean code, [batch].</summary>
    public const string ReconstructionError = "reconstruction_error";

    /// <summary>KL(q(z|x) || N(0, I)) of each row in nats, [batch]; variational bundles only.</summary>
    public const string Kl = "kl";
}

namespace Latent.Contracts;

/// <summary>
/// Defines the names of the inputs and outputs of a bundle's graphs. The first axis of each is dynamic and named <see cref="Batch"/>.
/// </summary>
public static class TensorNames
{
    /// <summary>Names the dynamic first axis, which counts the rows of a batch.</summary>
    public const string Batch = "batch";

    /// <summary>Names rows in the data's own units, [batch, …]: the input of encoder and autoencoder.</summary>
    public const string Input = "input";

    /// <summary>
    /// Names the mean of q(z|x), or the code of a plain autoencoder, [batch, z]; of an ensemble those of all members, one after the other.
    /// </summary>
    public const string LatentMean = "latent_mean";

    /// <summary>
    /// Names the natural logarithm of the variance of q(z|x), clamped to [-30, 20], [batch, z]; variational bundles only.
    /// </summary>
    public const string LatentLogVariance = "latent_log_variance";

    /// <summary>Names points in latent space, [batch, z]: the input of the decoder.</summary>
    public const string Latent = "latent";

    /// <summary>Names the reconstruction in the data's own units, [batch, …].</summary>
    public const string Output = "output";

    /// <summary>
    /// Names the objective's reconstruction term of each row at the mean code, [batch]; of an ensemble the mean of its members'.
    /// </summary>
    public const string ReconstructionError = "reconstruction_error";

    /// <summary>
    /// Names the random numbers that prior.onnx makes codes of, [batch, n]; the manifest's priorNoise says what they are.
    /// </summary>
    public const string Noise = "noise";

    /// <summary>
    /// Names the KL divergence of q(z|x) from the prior of each row in nats, [batch], variational bundles only; where it has no closed
    /// form, ln q(z|x) - ln p(z) at the mean code; of an ensemble the mean of its members'.
    /// </summary>
    public const string Kl = "kl";

    /// <summary>Names the numbers of a table with words, [batch, columns of numbers], NaN where one is missing.</summary>
    public const string Numbers = "numbers";

    /// <summary>Names the words of a table, strings [batch, columns of words], "" where one is missing.</summary>
    public const string Categories = "categories";

    /// <summary>Names the labels that rows are conditioned on, of type string, [batch, 1].</summary>
    public const string Condition = "condition";

    /// <summary>Names the words of a table's reconstruction, strings [batch, columns of words].</summary>
    public const string OutputCategories = "output_categories";

    /// <summary>
    /// Names the error of each column of a table, [batch, columns], as a multiple of its mean over held-out rows; 0 where a cell is
    /// missing.
    /// </summary>
    public const string FeatureErrors = "feature_errors";

    /// <summary>Names the anomaly score of each row of a table, [batch].</summary>
    public const string Score = "score";
}

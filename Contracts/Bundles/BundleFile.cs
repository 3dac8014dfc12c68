namespace Latent.Contracts.Bundles;

/// <summary>Represents one file of a bundle.</summary>
/// <param name="Path">Path relative to the bundle's folder, with forward slashes.</param>
/// <param name="Role">Role of the file.</param>
/// <param name="Bytes">Length in bytes.</param>
/// <param name="Sha256">SHA-256 of the file's content, in lower-case hexadecimal.</param>
public sealed record BundleFile(string Path, BundleRole Role, long Bytes, string Sha256)
{
    private static readonly Dictionary<BundleRole, string> s_names = new()
    {
        [BundleRole.Encoder] = "encoder.onnx",
        [BundleRole.Decoder] = "decoder.onnx",
        [BundleRole.Autoencoder] = "autoencoder.onnx",
        [BundleRole.Prior] = "prior.onnx",
        [BundleRole.Posterior] = "posterior.onnx",
        [BundleRole.Checkpoint] = "checkpoint.safetensors",
        [BundleRole.Log] = "training.jsonl",
        [BundleRole.Report] = "report.html",
        [BundleRole.Card] = "card.md",
    };

    /// <summary>Gets the name of the file of a role.</summary>
    /// <param name="role">A role that exactly one file has; not <see cref="BundleRole.Picture"/> or <see cref="BundleRole.Other"/>.</param>
    /// <exception cref="KeyNotFoundException">Files of that role have no fixed name.</exception>
    public static string NameOf(BundleRole role) => s_names[role];

    /// <summary>Gets the role of a file by its path.</summary>
    internal static BundleRole RoleOf(string path) =>
        s_names.FirstOrDefault(pair => pair.Value == path) is { Value: not null } known ? known.Key
        : path.EndsWith(".png", StringComparison.Ordinal) ? BundleRole.Picture
        : BundleRole.Other;
}

/// <summary>Specifies what a file of a bundle contains.</summary>
public enum BundleRole
{
    /// <summary>encoder.onnx: rows to codes.</summary>
    Encoder,

    /// <summary>decoder.onnx: codes to rows.</summary>
    Decoder,

    /// <summary>autoencoder.onnx: rows to codes, reconstructions and errors.</summary>
    Autoencoder,

    /// <summary>prior.onnx: noise to codes, where the prior is not the standard normal.</summary>
    Prior,

    /// <summary>posterior.onnx: rows and noise to draws of q(z|x), where it is not a normal distribution.</summary>
    Posterior,

    /// <summary>checkpoint.safetensors: the weights.</summary>
    Checkpoint,

    /// <summary>training.jsonl: one line of JSON per epoch.</summary>
    Log,

    /// <summary>report.html.</summary>
    Report,

    /// <summary>card.md: the model card.</summary>
    Card,

    /// <summary>An image of the report.</summary>
    Picture,

    /// <summary>Any other file.</summary>
    Other,
}

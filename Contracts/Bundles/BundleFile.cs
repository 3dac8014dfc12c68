namespace Latent.Contracts.Bundles;

/// <summary>A file of the bundle.</summary>
/// <param name="Path">Relative to the bundle's folder, with forward slashes.</param>
/// <param name="Role">"encoder", "decoder", "autoencoder", "checkpoint", "log", "report", "card", "picture" or "other".</param>
/// <param name="Bytes">Length.</param>
/// <param name="Sha256">Hexadecimal, lower case.</param>
public sealed record BundleFile(string Path, string Role, long Bytes, string Sha256);

namespace Latent.Trainer.Report;

/// <summary>A part of the report.</summary>
/// <param name="Id">Anchor.</param>
/// <param name="Title">Heading.</param>
/// <param name="Html">Body.</param>
internal sealed record Section(string Id, string Title, string Html);

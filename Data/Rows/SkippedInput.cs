namespace Latent.Data.Rows;

/// <summary>Represents an input that could not be read.</summary>
/// <param name="Input">The file, with the line if there is one.</param>
/// <param name="Reason">The reason, in one sentence.</param>
internal sealed record SkippedInput(string Input, string Reason);

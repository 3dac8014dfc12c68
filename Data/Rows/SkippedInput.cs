namespace Latent.Data.Rows;

/// <summary>An input that could not be read.</summary>
/// <param name="Input">The file, with the line where there is one.</param>
/// <param name="Reason">One sentence.</param>
internal sealed record SkippedInput(string Input, string Reason);

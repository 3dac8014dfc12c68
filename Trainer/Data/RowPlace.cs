namespace Latent.Trainer.Data;

/// <summary>Represents where a row of a table stands, as <c>scorer score</c> writes it.</summary>
/// <param name="File">The file; null if the table is a single one.</param>
/// <param name="Row">Position among the rows of the file, counted from 0.</param>
internal readonly record struct RowPlace(string? File, long Row);

namespace Latent.Models.Tables;

/// <summary>Names the tensors that the input of a table was written as.</summary>
/// <param name="Units">The model units, [batch, width].</param>
/// <param name="Present">1 for each cell that is present, else 0, [batch, columns].</param>
/// <param name="Numbers">The numbers in the data's units, 0 where one is missing, [batch, numbers]; null where the table has none.</param>
/// <param name="Words">The units of words, 1 for the level of each column; null where the table has none.</param>
/// <param name="Codes">The position of each word among the levels of its column, [batch, 1] each.</param>
internal sealed record TableUnits(string Units, string Present, string? Numbers, string? Words, IReadOnlyList<string> Codes);

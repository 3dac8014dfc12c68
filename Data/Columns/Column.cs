namespace Latent.Data.Columns;

/// <summary>A column of a table that is stored column by column.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Type">Its type, as messages call it.</param>
/// <param name="Kind">What can be made of it.</param>
internal sealed record Column(string Name, string Type, ColumnKind Kind);

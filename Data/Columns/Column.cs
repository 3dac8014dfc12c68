namespace Latent.Data.Columns;

/// <summary>Represents a column of a table that is stored column by column.</summary>
/// <param name="Name">Name of the column in the file.</param>
/// <param name="Type">Type of the column, as shown in messages.</param>
/// <param name="Kind">What can be read from the column.</param>
internal sealed record Column(string Name, string Type, ColumnKind Kind);
